using Personalize.App.Launch;
using Personalize.App.Texts;

namespace Personalize.App.Clinician;

/// <summary>What the parts of a clinician's page must know of it.</summary>
public sealed record PageContext
{
    /// <summary>The page's words.</summary>
    public required Words Words { get; init; }

    /// <summary>The launch's address, with a slash at the end, relative to the server.</summary>
    public required string Home { get; init; }

    /// <summary>The id of the launch's patient: forms carry it, so that a page left over from elsewhere cannot write.</summary>
    public required string Patient { get; init; }

    /// <summary>The page a form returns to, relative to <see cref="Home"/>.</summary>
    public required string Page { get; init; }

    /// <summary>The FHIR base that the page was read from.</summary>
    public required string Source { get; init; }

    /// <summary>False when the EHR shows the banner.</summary>
    public required bool ShowsBanner { get; init; }

    /// <summary>Now, at the practice's place.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The day at the practice's place.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.DateTime);

    internal static PageContext Of(LaunchSession launch, Words words, AppOptions options, TimeProvider time, string page) => new()
    {
        Words = words,
        Home = $"app/s/{launch.Id}/",
        Patient = launch.Patient,
        Page = page,
        Source = launch.FhirBase,
        ShowsBanner = launch.ShowsBanner,
        Now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), options.TimeZone),
    };
}
