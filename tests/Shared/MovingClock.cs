namespace Personalize.Tests;

/// <summary>The system's clock, and how far a test has moved it on.</summary>
public sealed class MovingClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
}
