using Personalize.App.Fhir;

namespace Personalize.App.Launch;

/// <summary>One launch of the app out of one chart: the only place that says whose chart it is.</summary>
internal sealed class LaunchSession
{
    private Notice? _notice;

    /// <summary>The name of the launch in the address.</summary>
    public required string Id { get; init; }

    /// <summary>The hash of the key of the browser that it belongs to.</summary>
    public required byte[] UserAgent { get; init; }

    /// <summary>The id of the chart's patient.</summary>
    public required string Patient { get; init; }

    /// <summary>The user as <c>Practitioner/id</c>; "" when the EHR did not say.</summary>
    public required string User { get; init; }

    /// <summary>False when the EHR shows the patient's banner itself.</summary>
    public required bool ShowsBanner { get; init; }

    /// <summary>The EHR's FHIR base, as the launch named it.</summary>
    public required string FhirBase { get; init; }

    /// <summary>The FHIR server as this launch may use it.</summary>
    public required FhirClient Client { get; init; }

    /// <summary>Its tokens.</summary>
    public required LaunchTokens Tokens { get; init; }

    /// <summary>When it was last used.</summary>
    public DateTimeOffset Used { get; set; }

    /// <summary>Leaves a word for the next page.</summary>
    public void Say(Notice notice) => Interlocked.Exchange(ref _notice, notice);

    /// <summary>The word that was left, once.</summary>
    public Notice? Heard() => Interlocked.Exchange(ref _notice, null);
}

/// <summary>A word on what a form did.</summary>
/// <param name="Good">True when it was done as asked.</param>
/// <param name="Text">What to say; it names the patient.</param>
/// <param name="UndoTask">The Task whose answer can be taken back, or null.</param>
/// <param name="UndoVersion">The version of that Task.</param>
public sealed record Notice(bool Good, string Text, string? UndoTask = null, string? UndoVersion = null);
