using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Personalize.Fhir.Patch;

/// <summary>Where an operation of an XML Patch is done: the paths of RFC 5261 that FHIR's XML has a use for. Steps by name or <c>*</c> from the root on, each narrowed by a place <c>[2]</c> or an attribute <c>[@value='x']</c>, and at the end perhaps an attribute.</summary>
internal sealed partial class XmlSelector
{
    private const int Longest = 1_000;

    private readonly IReadOnlyList<Step> _steps;
    private readonly string? _attribute;

    private XmlSelector(IReadOnlyList<Step> steps, string? attribute) => (_steps, _attribute) = (steps, attribute);

    private sealed record Step(XNamespace? Space, string Name, IReadOnlyList<Func<List<XElement>, List<XElement>>> Narrowings);

    /// <summary>The path; null when it is malformed, or of a form that is not supported.</summary>
    /// <param name="text">Such as <c>/f:Patient/f:name[2]/f:family/@value</c>.</param>
    /// <param name="scope">Knows the prefixes; a name without one means an element of any namespace.</param>
    public static XmlSelector? Read(string? text, XElement scope)
    {
        if (text is null || text.Length > Longest || Whole().Match(text) is not { Success: true } match)
            return null;
        var steps = new List<Step>();
        foreach (Match step in One().Matches(match.Groups["steps"].Value))
        {
            var prefix = step.Groups["prefix"].Value;
            if (prefix.Length > 0 && scope.GetNamespaceOfPrefix(prefix) is null)
                return null;
            steps.Add(new(prefix.Length == 0 ? null : scope.GetNamespaceOfPrefix(prefix), step.Groups["name"].Value, [.. step.Groups["narrow"].Captures.Select(c => Narrowing(c.Value))]));
        }
        return new(steps, match.Groups["attribute"] is { Success: true } attribute ? attribute.Value : null);
    }

    /// <summary>The one element or attribute; null when there is none, or several.</summary>
    public XObject? Find(XDocument document)
    {
        List<XElement> found = [document.Root!];
        for (var at = 0; at < _steps.Count; at++)
            found = [.. (at == 0 ? [found] : found.Select(parent => parent.Elements().ToList())).SelectMany(children => Narrowed(_steps[at], children))];
        if (found is not [var one])
            return null;
        return _attribute is null ? one : one.Attribute(_attribute);
    }

    private static List<XElement> Narrowed(Step step, IEnumerable<XElement> among) => step.Narrowings.Aggregate(
        among.Where(e => (step.Name == "*" || e.Name.LocalName == step.Name) && (step.Space is null || e.Name.Namespace == step.Space)).ToList(), (left, narrow) => narrow(left));

    private static Func<List<XElement>, List<XElement>> Narrowing(string text)
    {
        if (int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            return among => place >= 1 && place <= among.Count ? [among[place - 1]] : [];
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = (text[2..equals], text[(equals + 2)..^2]);
        return among => among.FindAll(e => e.Attribute(name)?.Value == value);
    }

    private const string Narrow = """\[(?:[0-9]{1,6}|@[A-Za-z]+=(?:'[^']*'|"[^"]*"))\]""";

    private const string Named = $"""(?:[A-Za-z_][\w.-]*:)?(?:[A-Za-z_][\w.-]*|\*)(?:{Narrow})*""";

    [GeneratedRegex($@"^/?(?<steps>{Named}(?:/{Named})*)(?:/@(?<attribute>[A-Za-z]+))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex($@"(?:(?<prefix>[A-Za-z_][\w.-]*):)?(?<name>[A-Za-z_][\w.-]*|\*)(?<narrow>{Narrow})*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex One();
}
