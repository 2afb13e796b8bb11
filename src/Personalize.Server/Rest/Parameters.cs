using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Personalize.Server.Rest;

/// <summary>Parameters of a URL or form, in order, repeated names kept apart.</summary>
internal static class Parameters
{
    /// <summary>Reads <c>a=1&amp;b=2</c>, with or without a leading <c>?</c>; a plus is a space. A part without a name is dropped.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Read(string? text) =>
        [.. (text ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair).Where(p => p.Key.Length > 0)];

    /// <summary>Writes them back with a leading <c>?</c>; nothing when there are none.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters)
            text.Append(text.Length == 0 ? '?' : '&').Append(Escape(name)).Append('=').Append(Escape(value));
        return text.ToString();
    }

    private static KeyValuePair<string, string> Pair(string part)
    {
        var at = part.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? new(WebUtility.UrlDecode(part), "") : new(WebUtility.UrlDecode(part[..at]), WebUtility.UrlDecode(part[(at + 1)..]));
    }

    // Commas, colons, bars and slashes have their meaning in FHIR and may stand in a query as they are.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%2C", ",", StringComparison.Ordinal)
        .Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%7C", "|", StringComparison.Ordinal);
}
