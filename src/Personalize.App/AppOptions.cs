using System.Collections.Immutable;

namespace Personalize.App;

/// <summary>What the pages must be told at start.</summary>
public sealed record AppOptions
{
    /// <summary>The address that browsers reach this server at, such as <c>http://localhost:8080</c>; the app's redirect address is made of it.</summary>
    public required Uri Address { get; init; }

    /// <summary>The EHRs that may launch the app. An <c>iss</c> that is not among them is refused and never fetched.</summary>
    public required ImmutableArray<Ehr> Ehrs { get; init; }

    /// <summary>The practice's time zone: it decides what "today" is and how a moment is shown.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>An EHR (or FHIR server) that may launch the app, and how the app is known to it.</summary>
/// <param name="Issuer">The FHIR base as the launch names it in <c>iss</c>: compared as text.</param>
/// <param name="ClientId">The app's client id there.</param>
/// <param name="ClientSecret">The app's secret there (sent with HTTP Basic); null or empty for a public client.</param>
/// <param name="FrameOrigins">The origins of the EHR's pages that may show the app in a frame, beside this server itself.</param>
public sealed record Ehr(string Issuer, string ClientId, string? ClientSecret, ImmutableArray<string> FrameOrigins);
