using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Reads one value of a search parameter; escapes still stand in it.</summary>
/// <param name="now">The time of asking; null when it is not known.</param>
/// <param name="home">Where the resources are.</param>
internal sealed class ValueReader(DateTimeOffset? now, HomeAddresses home)
{
    private const string UcumSystem = "http://unitsofmeasure.org";

    private static readonly string[] _prefixes = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

    /// <summary>The value, or null when it is malformed.</summary>
    public SearchValue? Read(SearchParameter parameter, SearchModifier modifier, string text, string? targetType) => parameter.Type switch
    {
        SearchParameterType.String => Text(text),
        SearchParameterType.Token when modifier == SearchModifier.Text => new StringSearch(SearchText.Unescape(text), SearchText.Words(SearchText.Unescape(text))),
        SearchParameterType.Token when modifier == SearchModifier.OfType => OfType(text),
        SearchParameterType.Token => Token(parameter, text),
        SearchParameterType.Date => Prefixed(text) is var (prefix, rest) && SearchDates.TryParse(rest, out var range) ? new DateSearch(prefix, range) { About = About(range) } : null,
        SearchParameterType.Number => Prefixed(text) is var (prefix, rest) ? Number(prefix, rest) : null,
        SearchParameterType.Quantity => Quantity(text),
        SearchParameterType.Reference => modifier == SearchModifier.Identifier ? Token(null, text) : Reference(parameter, SearchText.Unescape(text), targetType),
        SearchParameterType.Uri => new UriSearch(SearchText.Unescape(text)),
        _ => null,
    };

    /// <summary>What a uri begins with, whole segments of its path, down to the host.</summary>
    public static IEnumerable<UriSearch> Over(UriSearch uri)
    {
        var host = uri.Uri.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0;
        for (var slash = uri.Uri.LastIndexOf('/'); slash > host; slash = uri.Uri.LastIndexOf('/', slash - 1))
        {
            yield return new(uri.Uri[..slash]);
            if (slash + 1 < uri.Uri.Length)
                yield return new(uri.Uri[..(slash + 1)]);
        }
    }

    /// <summary>A tenth of the gap between now and the date more, on both sides. Source: FHIR R4, Search, Prefixes, ap.</summary>
    private TimeRange About(TimeRange range)
    {
        if (now is not { } asked || range.Until == long.MaxValue)
            return range;
        var at = asked.ToUnixTimeMilliseconds();
        var gap = (at < range.From ? range.From - at : at > range.Until ? at - range.Until : 0) / 10;
        return new(range.From - gap, range.Until + gap);
    }

    private static StringSearch Text(string text) => new(SearchText.Unescape(text), SearchText.Normal(SearchText.Unescape(text)));

    /// <summary><c>system|code|value</c>.</summary>
    private static OfTypeSearch? OfType(string text) =>
        SearchText.Split(text, '|').ConvertAll(SearchText.Unescape) is [var system, { Length: > 0 } code, { Length: > 0 } value] ? new(NullIfEmpty(system), $"{code}|{value}") : null;

    private static TokenSearch? Token(SearchParameter? parameter, string text)
    {
        var parts = SearchText.Split(text, '|').ConvertAll(SearchText.Unescape);
        if (parts.Count > 2 || (parts.Count == 2 && parts[0].Length == 0 && parts[1].Length == 0))
            return null;
        if (parts.Count == 1)
            return new(null, parts[0]);
        var code = parts[1].Length == 0 ? null : parts[1];
        return new(parts[0], code, parameter is not null && code is not null && parts[0].Length > 0 && SearchCatalog.CodeSets(parameter).Any(set => ValueSets.R4.Contains(set, parts[0], code) == true));
    }

    private static (SearchPrefix Prefix, string Operand) Prefixed(string text)
    {
        var at = text.Length > 2 ? Array.IndexOf(_prefixes, text[..2]) : -1;
        return at < 0 ? (SearchPrefix.Eq, text) : ((SearchPrefix)at, text[2..]);
    }

    private static NumberSearch? Quantity(string text)
    {
        var parts = SearchText.Split(text, '|').ConvertAll(SearchText.Unescape);
        var (prefix, rest) = Prefixed(parts[0]);
        if (parts.Count is not (1 or 3) || Number(prefix, rest) is not { } number)
            return null;
        if (parts.Count == 3 && parts[1] == UcumSystem && Ucum.Scale(parts[2]) is { } scale)
            return Scaled(number, rest, scale);
        return parts.Count == 1 ? number : number with { System = NullIfEmpty(parts[1]), Unit = NullIfEmpty(parts[2]) };
    }

    /// <summary>The same in base units.</summary>
    private static NumberSearch? Scaled(NumberSearch number, string text, UcumScale scale)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var value = decimal.Parse(text, Style, CultureInfo.InvariantCulture);
        var half = HalfOf(text);
        var tenth = Math.Abs(value) / 10;
        return number with
        {
            Value = scale.Of(value),
            Low = scale.Of(value - half),
            High = scale.Of(value + half),
            Dimension = scale.Dimension,
            About = (scale.Of(value - tenth), scale.Of(value + tenth)),
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>100 stands for 99.5 up to 100.5, 1e2 for 95 up to 105. Source: FHIR R4, Search, number.</summary>
    private static NumberSearch? Number(SearchPrefix prefix, string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) || !double.IsFinite((double)value))
            return null;
        var half = HalfOf(text);
        return new(prefix, (double)value, (double)(value - half), (double)(value + half));
    }

    private static decimal HalfOf(string text)
    {
        var mantissa = text.Split('e', 'E');
        var digits = mantissa[0].IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? mantissa[0].Length - dot - 1 : 0;
        var exponent = mantissa.Length > 1 ? int.Parse(mantissa[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return Half(exponent - digits);
    }

    /// <summary>Half of ten to that power, in decimals as long as they reach.</summary>
    private static decimal Half(int power)
    {
        var half = 0.5m;
        for (; power > 0; power--)
            half *= 10;
        for (; power < 0 && half > 0; power++)
            half /= 10;
        return half;
    }

    private ReferenceSearch? Reference(SearchParameter parameter, string text, string? targetType)
    {
        var own = References.IsAbsolute(text) ? home.Key(text) : References.Key(text);
        if (own is null && References.IsAbsolute(text))
            return new(targetType, text, true);
        if (own is { } key)
            return targetType is null || targetType == key.Type ? new(key.Type, key.Id.ToString(), false) : null;
        var onlyType = targetType ?? (parameter.Targets.Count == 1 ? parameter.Targets[0] : null);
        return ResourceId.TryParse(text, out _) ? new(onlyType, text, false) : null;
    }
}
