using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Personalize.Store.Tests;

/// <summary>What a search means, read off the JSON by brute force: no part of it is the product's. For the kinds of search that US Core asks for.</summary>
internal static partial class PlainReading
{
    /// <summary>The elements at a path of US Core's requirements, such as <c>Observation.effective</c>.</summary>
    public static IEnumerable<JsonElement> At(JsonElement resource, string path)
    {
        if (ExtensionPath().Match(path) is { Success: true } match)
            return Children([resource], "extension").Where(e => e.GetProperty("url").GetString() == match.Groups[1].Value).SelectMany(e => Children([e], "value"));
        return path.Split('.').Skip(1).Aggregate((IEnumerable<JsonElement>)[resource], Children);
    }

    /// <summary>Values to search for that the element has.</summary>
    public static IEnumerable<string> Values(JsonElement element, string kind) => kind switch
    {
        "date" or "dateTime" or "instant" or "Period" => Span(element) is { } span && span.From != DateTimeOffset.MinValue ? [span.From.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)] : [],
        "Reference" => element.TryGetProperty("reference", out var reference) && RelativeReference().IsMatch(reference.GetString()!) ? [reference.GetString()!] : [],
        "HumanName" or "Address" or "string" => Texts(element).Where(text => PlainText().IsMatch(text)),
        _ => Tokens(element).Where(token => token.IndexOfAny([',', '$', '\\']) < 0),
    };

    /// <summary>True when the element meets the value.</summary>
    public static bool Meets(JsonElement element, string kind, string value) => kind switch
    {
        "date" or "dateTime" or "instant" or "Period" => Span(element) is { } span && Meets(span, value),
        "Reference" => element.TryGetProperty("reference", out var reference) && reference.GetString() == value,
        "HumanName" or "Address" or "string" => Texts(element).Any(text => text.StartsWith(value, StringComparison.OrdinalIgnoreCase)),
        _ => Tokens(element).Contains(value, StringComparer.Ordinal),
    };

    private static IEnumerable<JsonElement> Children(IEnumerable<JsonElement> parents, string name) => parents
        .Where(p => p.ValueKind == JsonValueKind.Object)
        .SelectMany(p => p.EnumerateObject())
        .Where(p => p.Name == name || (p.Name.StartsWith(name, StringComparison.Ordinal) && char.IsUpper(p.Name[name.Length])))
        .SelectMany(p => p.Value.ValueKind == JsonValueKind.Array ? p.Value.EnumerateArray().ToList() : [p.Value]);

    private static IEnumerable<string> Tokens(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return [element.GetString()!];
        if (element.ValueKind != JsonValueKind.Object)
            return [];
        if (element.TryGetProperty("coding", out var codings))
            return codings.EnumerateArray().SelectMany(Tokens);
        var value = element.TryGetProperty("code", out var code) || element.TryGetProperty("value", out code) ? code.GetString() : null;
        return value is not null && element.TryGetProperty("system", out var system) ? [$"{system.GetString()}|{value}"] : [];
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().Where(p => p.Name is "family" or "given" or "prefix" or "suffix" or "text" or "line" or "city" or "district" or "state" or "postalCode" or "country").SelectMany(p => Texts(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        _ => [],
    };

    private static bool Meets((DateTimeOffset From, DateTimeOffset Until) value, string wanted)
    {
        var prefix = char.IsAsciiLetter(wanted[0]) ? wanted[..2] : "eq";
        var (from, until) = Moment(char.IsAsciiLetter(wanted[0]) ? wanted[2..] : wanted);
        var within = value.From >= from && value.Until <= until;
        return prefix switch
        {
            "gt" => value.Until > until,
            "lt" => value.From < from,
            "ge" => within || value.Until > until,
            "le" => within || value.From < from,
            _ => within,
        };
    }

    private static (DateTimeOffset From, DateTimeOffset Until)? Span(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return Moment(element.GetString()!);
        if (element.ValueKind != JsonValueKind.Object || !(element.TryGetProperty("start", out _) || element.TryGetProperty("end", out _)))
            return null;
        return (element.TryGetProperty("start", out var start) ? Moment(start.GetString()!).From : DateTimeOffset.MinValue, element.TryGetProperty("end", out var end) ? Moment(end.GetString()!).Until : DateTimeOffset.MaxValue);
    }

    /// <summary>The time that a date or time covers; without a zone in UTC.</summary>
    private static (DateTimeOffset From, DateTimeOffset Until) Moment(string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var from = DateTimeOffset.Parse(text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text }, CultureInfo.InvariantCulture, Utc);
        return text.Length switch
        {
            4 => (from, from.AddYears(1)),
            7 => (from, from.AddMonths(1)),
            10 => (from, from.AddDays(1)),
            _ => (from, from.Add(text.Contains('.', StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(1))),
        };
    }

    [GeneratedRegex(@"^\w+\.extension\.where\(url='([^']+)'\)\.value$")]
    private static partial Regex ExtensionPath();

    [GeneratedRegex(@"^[A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64}$")]
    private static partial Regex RelativeReference();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.' -]*[A-Za-z0-9]$")]
    private static partial Regex PlainText();
}
