using System.Collections.Immutable;
using System.Globalization;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Content;

/// <summary>Reads one content resource and gathers what is wrong with it, each issue with its place.</summary>
/// <param name="resource">The resource.</param>
/// <param name="issues">Where findings go.</param>
internal sealed class ContentReader(Resource resource, ICollection<Issue> issues)
{
    public Element Root => resource.Root;

    /// <summary>The id; content without one cannot be named.</summary>
    public string Id => resource.Id?.ToString() ?? "";

    public void Fault(string text, string place) =>
        issues.Add(Issue.Error("value", $"{resource.Type}/{Id}: {text}", $"{resource.Type}.{place}"));

    /// <summary>A text that must be there.</summary>
    public string Required(string? text, string place)
    {
        if (string.IsNullOrEmpty(text))
            Fault("A value is missing.", place);
        return text ?? "";
    }

    public string RequiredAt(string name) => Required(Root.TextAt(name), name);

    /// <summary>The text of a sub-extension of a complex extension that must be there.</summary>
    public string RequiredIn(Element? extension, string name, string place) =>
        Required(extension?.ExtensionText(name), $"{place}.extension('{name}').value");

    public FhirPathExpression? RequiredExpression(Element? expression, string place)
    {
        var text = Required(expression?.TextAt("expression"), place + ".expression");
        if (expression?.TextAt("language") is { } language && language != "text/fhirpath")
            Fault("The language must be text/fhirpath.", place + ".language");
        return text.Length == 0 ? null : Parse(text, place);
    }

    public FhirPathExpression? OptionalExpression(Element? expression, string place) =>
        expression is null ? null : RequiredExpression(expression, place);

    private FhirPathExpression? Parse(string text, string place)
    {
        if (FhirPathExpression.Parse(text).TryGet(out var parsed, out var failure))
            return parsed;
        foreach (var issue in failure.Issues)
            Fault(issue.Text, place + ".expression");
        return null;
    }

    /// <summary>A number between 0 and 1.</summary>
    public decimal Share(Element? extension, string name, string place)
    {
        var text = RequiredIn(extension, name, place);
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1)
            return share;
        if (text.Length > 0)
            Fault("A number from 0 to 1 is expected.", $"{place}.extension('{name}').value");
        return 0;
    }

    /// <summary>One of a closed set of codes.</summary>
    public T OneOf<T>(string code, string place, params ReadOnlySpan<(string Code, T Value)> codes)
        where T : struct, Enum
    {
        foreach (var (known, value) in codes)
            if (known == code)
                return value;
        if (code.Length > 0)
            Fault("The code is not one of those that are known here.", place);
        return default;
    }

    public static Concept? ConceptOf(Element? concept) => concept is { } element
        ? new Concept([.. element.Children("coding").Select(CodedOf)], element.TextAt("text"))
        : null;

    public static Coded CodedOf(Element coding) =>
        new(coding.TextAt("system"), coding.TextAt("code") ?? "", coding.TextAt("display"));

    public static ImmutableArray<string> Texts(IEnumerable<Element> extensions) =>
        [.. extensions.Select(extension => extension.TextAt("value")).OfType<string>()];
}
