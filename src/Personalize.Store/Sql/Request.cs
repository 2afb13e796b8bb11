using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>A commit that waits for the writer.</summary>
internal sealed record Request(Access Access, IReadOnlyList<Change> Changes, Derived? Derived)
{
    /// <summary>True when it changes nothing and asks that all index rows be written.</summary>
    public bool IsForIndex { get; private init; }

    /// <summary>Asks that the index rows of all commits before it be written.</summary>
    public static Request ForIndex() => new(Access.Engine, [], null) { IsForIndex = true };

    /// <summary>Asks for nothing but what every commit does first: to learn what other processes have changed.</summary>
    public static Request Nothing() => new(Access.Engine, [], null);

    private readonly TaskCompletionSource<Outcome<Commit>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the commit is durable or refused.</summary>
    public Task<Outcome<Commit>> Answered => _answer.Task;

    public void Answer(Outcome<Commit> outcome) => _answer.TrySetResult(outcome);

    public void Break(Exception exception) => _answer.TrySetException(exception);
}
