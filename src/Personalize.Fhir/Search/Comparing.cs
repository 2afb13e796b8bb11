namespace Personalize.Fhir.Search;

/// <summary>Whether a value of a resource meets a value of a query. The store's SQL says the same. Source: FHIR R4, Search.</summary>
public static class Comparing
{
    /// <summary>Of one kind, and met.</summary>
    public static bool Meets(IndexValue value, SearchValue wanted, SearchModifier modifier) => (value, wanted) switch
    {
        (StringIndex v, StringSearch w) => Meets(v, w, modifier),
        (WordsIndex v, StringSearch w) => modifier == SearchModifier.Text && v.Normal.StartsWith(w.Normal, StringComparison.Ordinal),
        (OfTypeIndex v, OfTypeSearch w) => v.Key == w.Key && (w.System is null || w.System == v.System),
        (TokenIndex v, TokenSearch w) => Meets(v.System, v.Code, w),
        (TokenIndex v, CodesSearch w) => w.Codes.Contains(v.Code) && IsOf(v.System, w.System, w.IsImplied),
        (IdentifierIndex v, TokenSearch w) => modifier == SearchModifier.Identifier && Meets(v.System, v.Value, w),
        (DateIndex v, DateSearch w) => Meets(v.Range, w),
        (NumberIndex v, NumberSearch { Dimension: null } w) => MeetsUnit(v, w) && Meets(v.Low, v.High, w),
        (CanonicalIndex v, NumberSearch { Dimension: { } dimension } w) => v.Dimension == dimension && Meets(v.Low, v.High, w),
        (ReferenceIndex v, ReferenceSearch w) => v.IsUrl == w.IsUrl && v.Target == w.Target && (w.Type is null || w.Type == v.Type),
        (UriIndex v, UriSearch w) => modifier == SearchModifier.Below ? v.Uri.StartsWith(w.Uri, StringComparison.Ordinal) : v.Uri == w.Uri,
        _ => false,
    };

    /// <summary>Dates compare as spans.</summary>
    public static bool Meets(TimeRange value, DateSearch wanted)
    {
        var within = value.From >= wanted.Range.From && value.Until <= wanted.Range.Until;
        return wanted.Prefix switch
        {
            SearchPrefix.Eq => within,
            SearchPrefix.Ne => !within,
            SearchPrefix.Gt => value.Until > wanted.Range.Until,
            SearchPrefix.Lt => value.From < wanted.Range.From,
            SearchPrefix.Ge => within || value.Until > wanted.Range.Until,
            SearchPrefix.Le => within || value.From < wanted.Range.From,
            SearchPrefix.Sa => value.From >= wanted.Range.Until,
            SearchPrefix.Eb => value.Until <= wanted.Range.From,
            _ => value.From < wanted.About.Until && value.Until > wanted.About.From,
        };
    }

    private static bool Meets(double low, double high, NumberSearch wanted)
    {
        var within = low >= wanted.Low && high < wanted.High;
        return wanted.Prefix switch
        {
            SearchPrefix.Eq => within,
            SearchPrefix.Ne => !within,
            SearchPrefix.Gt => high > wanted.Value,
            SearchPrefix.Lt => low < wanted.Value,
            SearchPrefix.Ge => high >= wanted.Value,
            SearchPrefix.Le => low <= wanted.Value,
            SearchPrefix.Sa => low > wanted.Value,
            SearchPrefix.Eb => high < wanted.Value,
            _ => low <= wanted.About.High && high >= wanted.About.Low,
        };
    }

    private static bool MeetsUnit(NumberIndex value, NumberSearch wanted)
    {
        if (wanted.Unit is null)
            return wanted.System is null || wanted.System == value.System;
        return wanted.System is null ? wanted.Unit == value.Code || wanted.Unit == value.Unit : wanted.System == value.System && wanted.Unit == value.Code;
    }

    private static bool Meets(StringIndex value, StringSearch wanted, SearchModifier modifier) => modifier switch
    {
        SearchModifier.Exact => value.Text == wanted.Text,
        SearchModifier.Contains => value.Normal.Contains(wanted.Normal, StringComparison.Ordinal),
        _ => value.Normal.StartsWith(wanted.Normal, StringComparison.Ordinal),
    };

    private static bool Meets(string system, string code, TokenSearch wanted) =>
        (wanted.Code is null || wanted.Code == code) && IsOf(system, wanted.System, wanted.IsImplied);

    private static bool IsOf(string system, string? wanted, bool isImplied) => wanted is null || wanted == system || (isImplied && system.Length == 0);
}
