using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>Reads the headers that make a request conditional. Source: FHIR R4, RESTful API, Managing Resource Contention, Conditional Read.</summary>
public static class Conditions
{
    /// <summary>The version of <c>If-Match: W/"3"</c> (also <c>"3"</c>); null when the header is absent; <see cref="Failure.Invalid"/> for anything else.</summary>
    public static Outcome<Version> IfMatch(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return Version.Any;
        return Tag(header) is { } tag ? new Version(tag) : new Failure.Invalid("If-Match takes one version, such as W/\"3\".");
    }

    /// <summary>True when the client has this version already: <c>If-None-Match</c> names it, or <c>If-Modified-Since</c> is not before it.</summary>
    public static bool Unchanged(string? ifNoneMatch, string? ifModifiedSince, string version, DateTimeOffset lastUpdated)
    {
        if (!string.IsNullOrWhiteSpace(ifNoneMatch))
            return ifNoneMatch.Split(',').Any(tag => tag.Trim() == "*" || Tag(tag) == version);
        // HTTP dates have whole seconds: what was made later within that second counts as known.
        return DateTimeOffset.TryParseExact(ifModifiedSince, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
            && lastUpdated.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    private static string? Tag(string text)
    {
        var tag = text.Trim();
        tag = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
        return tag.Length > 2 && tag[0] == '"' && tag[^1] == '"' && !tag[1..^1].Contains('"') ? tag[1..^1] : null;
    }
}

/// <summary>A wished version.</summary>
/// <param name="Id">The version; null for any.</param>
public sealed record Version(string? Id)
{
    /// <summary>No wish.</summary>
    public static Version Any { get; } = new((string?)null);
}
