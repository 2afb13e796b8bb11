using System.Globalization;
using Personalize.Fhir.Elements;

using Personalize.Fhir.Search;

namespace Personalize.Fhir.Tests;

/// <summary>Turns an element that a search parameter found into values, one rule after the other without regard to speed: what the walk over the table is held against. Source: FHIR R4, Search, the tables under each parameter type.</summary>
internal sealed class PlainConversion(List<IndexValue> values)
{
    private static readonly string[] _nameParts = ["family", "given", "prefix", "suffix", "text"];
    private static readonly string[] _addressParts = ["line", "city", "district", "state", "postalCode", "country", "text"];

    /// <summary>Adds the values of an element.</summary>
    public void Add(SearchParameter parameter, Element element)
    {
        switch (parameter.Type)
        {
            case SearchParameterType.String:
                AddStrings(parameter, element);
                break;
            case SearchParameterType.Token:
                AddTokens(parameter, element);
                break;
            case SearchParameterType.Date:
                AddDates(parameter, element);
                break;
            case SearchParameterType.Number or SearchParameterType.Quantity:
                AddNumbers(parameter, element);
                break;
            case SearchParameterType.Reference:
                AddReferences(parameter, element);
                break;
            case SearchParameterType.Uri when element.Text is { } uri:
                values.Add(new UriIndex(parameter, uri));
                break;
        }
    }

    /// <summary>Adds a value that is no element, such as the result of <c>exists()</c>.</summary>
    public void Add(SearchParameter parameter, object? value)
    {
        if (parameter.Type == SearchParameterType.Token && value is bool flag)
            values.Add(new TokenIndex(parameter, "", flag ? "true" : "false"));
        else if (parameter.Type == SearchParameterType.Token && value is string code)
            values.Add(new TokenIndex(parameter, "", code));
        else if (parameter.Type == SearchParameterType.String && value is string text)
            AddString(parameter, text);
        else if (value is int or long or decimal && parameter.Type is SearchParameterType.Number or SearchParameterType.Quantity)
            AddNumber(parameter, Convert.ToDouble(value, CultureInfo.InvariantCulture), null, null, null);
    }

    private void AddStrings(SearchParameter parameter, Element element)
    {
        var parts = element.Type.Name switch { "HumanName" => _nameParts, "Address" => _addressParts, _ => null };
        if (parts is null)
            AddString(parameter, element.Text);
        else
            foreach (var child in element.Children())
                if (Array.IndexOf(parts, child.Name) >= 0)
                    AddString(parameter, child.Text);
    }

    private void AddString(SearchParameter parameter, string? text)
    {
        if (text is { Length: > 0 })
            values.Add(new StringIndex(parameter, text, SearchText.Normal(text)));
    }

    private void AddTokens(SearchParameter parameter, Element element)
    {
        switch (element.Type.Name)
        {
            case "Coding":
                AddToken(parameter, element.Child("system")?.Text, element.Child("code")?.Text);
                AddWords(parameter, element.Child("display")?.Text);
                break;
            case "CodeableConcept":
                AddWords(parameter, element.Child("text")?.Text);
                foreach (var coding in element.Children("coding"))
                    AddTokens(parameter, coding);
                break;
            case "Identifier":
                AddToken(parameter, element.Child("system")?.Text, element.Child("value")?.Text);
                AddTyped(parameter, element);
                break;
            case "ContactPoint":
                AddToken(parameter, null, element.Child("value")?.Text);
                break;
            default:
                AddToken(parameter, null, element.Text);
                break;
        }
    }

    private void AddToken(SearchParameter parameter, string? system, string? code)
    {
        if (system is not null || code is not null)
            values.Add(new TokenIndex(parameter, system ?? "", code ?? ""));
    }

    private void AddWords(SearchParameter parameter, string? text)
    {
        if (text is not null && SearchText.Words(text) is { Length: > 0 } words)
            values.Add(new WordsIndex(parameter, words));
    }

    private void AddTyped(SearchParameter parameter, Element identifier)
    {
        AddWords(parameter, identifier.Child("type")?.Child("text")?.Text);
        foreach (var coding in identifier.Child("type")?.Children("coding") ?? [])
            if (identifier.Child("value")?.Text is { } value && coding.Child("code")?.Text is { } code)
                values.Add(new OfTypeIndex(parameter, coding.Child("system")?.Text ?? "", $"{code}|{value}"));
    }

    private void AddDates(SearchParameter parameter, Element element)
    {
        if (SpanOf(element) is { } span && span != new TimeRange(long.MinValue, long.MaxValue))
            values.Add(new DateIndex(parameter, span));
    }

    private static TimeRange? SpanOf(Element? element) => element?.Type.Name switch
    {
        null => null,
        "Period" => new(SpanOf(element.Value.Child("start"))?.From ?? long.MinValue, SpanOf(element.Value.Child("end"))?.Until ?? long.MaxValue),
        "Timing" => TimingSpan(element.Value),
        _ => element.Value.Text is { } text && SearchDates.TryParse(text, out var range) ? range : null,
    };

    /// <summary>From the first to the last event, or the bounds of the repetition.</summary>
    private static TimeRange? TimingSpan(Element timing)
    {
        var events = timing.Children("event").Select(e => SpanOf(e)).OfType<TimeRange>().ToList();
        if (events.Count > 0)
            return new(events.Min(e => e.From), events.Max(e => e.Until));
        return timing.Child("repeat")?.Child("bounds") is { Type.Name: "Period" } bounds ? SpanOf(bounds) : null;
    }

    private void AddNumbers(SearchParameter parameter, Element element)
    {
        if (element.Type.Name == "Range")
            AddRange(parameter, element.Child("low"), element.Child("high"));
        else if (element.Type.Name == "Money")
            AddQuantity(parameter, element, "urn:iso:std:iso:4217", element.Child("currency")?.Text);
        else if (element.Type.Is("Quantity"))
            AddQuantity(parameter, element, element.Child("system")?.Text, element.Child("code")?.Text);
        else if (Number(element) is { } number)
            AddNumber(parameter, number, null, null, null);
    }

    private void AddRange(SearchParameter parameter, Element? low, Element? high)
    {
        var (from, to) = (Number(low?.Child("value")), Number(high?.Child("value")));
        var unit = low ?? high;
        if (from is not null || to is not null)
            values.Add(new NumberIndex(parameter, from ?? double.MinValue, to ?? double.MaxValue,
                unit?.Child("system")?.Text ?? "", unit?.Child("code")?.Text ?? "", unit?.Child("unit")?.Text ?? ""));
    }

    private void AddQuantity(SearchParameter parameter, Element quantity, string? system, string? code)
    {
        if (Number(quantity.Child("value")) is not { } value)
            return;
        var unit = quantity.Child("unit")?.Text;
        // A comparator makes it a range with one open end.
        var (low, high) = quantity.Child("comparator")?.Text switch
        {
            "<" or "<=" => (double.MinValue, value),
            ">" or ">=" => (value, double.MaxValue),
            _ => (value, value),
        };
        values.Add(new NumberIndex(parameter, low, high, system ?? "", code ?? "", unit ?? ""));
    }

    private void AddNumber(SearchParameter parameter, double value, string? system, string? code, string? unit) =>
        values.Add(new NumberIndex(parameter, value, value, system ?? "", code ?? "", unit ?? ""));

    private static double? Number(Element? element) =>
        double.TryParse(element?.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private void AddReferences(SearchParameter parameter, Element element)
    {
        if (element.Type.Name == "Reference")
        {
            AddReference(parameter, element.Child("reference")?.Text);
            if (element.Child("identifier") is { } identifier)
                values.Add(new IdentifierIndex(parameter, identifier.Child("system")?.Text ?? "", identifier.Child("value")?.Text ?? ""));
        }
        else if (element.Type.IsResource)
            AddReference(parameter, element.Child("id")?.Text is { } id ? $"{element.Type.Name}/{id}" : null);
        else
            AddCanonical(parameter, element.Text);
    }

    private void AddReference(SearchParameter parameter, string? reference)
    {
        if (reference is null)
            return;
        if (References.IsAbsolute(reference))
            values.Add(new ReferenceIndex(parameter, References.TypeOf(reference) ?? "", reference, true));
        else if (References.Key(reference) is { } key)
            values.Add(new ReferenceIndex(parameter, key.Type, key.Id.ToString(), false));
    }

    /// <summary>A canonical is found with and without its version.</summary>
    private void AddCanonical(SearchParameter parameter, string? canonical)
    {
        if (canonical is null || canonical.StartsWith('#'))
            return;
        values.Add(new ReferenceIndex(parameter, "", canonical, true));
        if (canonical.IndexOf('|', StringComparison.Ordinal) is > 0 and var bar)
            values.Add(new ReferenceIndex(parameter, "", canonical[..bar], true));
    }
}
