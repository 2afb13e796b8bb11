using System.Collections.Immutable;
using System.Text;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Where an extension may stand. Source: FHIR R4, StructureDefinition.context.</summary>
/// <param name="Kind"><c>element</c>, <c>extension</c> or <c>fhirpath</c>.</param>
/// <param name="Expression">A path of elements, a canonical or an expression.</param>
internal sealed record ExtensionContext(string Kind, string Expression);

/// <summary>A profile as a tree of small rules: what it asks beyond R4's own definition of its type. Its text (<see cref="ToString"/>) shows every rule.</summary>
public sealed class Profile
{
    private readonly Dictionary<string, ElementRules> _byId;
    private readonly bool _recurs;

    internal Profile(string[] head, ElementRules root, Dictionary<string, ElementRules> byId, bool recurs)
    {
        _recurs = recurs;
        (Url, Version, Type) = (head[0], head[1] == "-" ? null : head[1], FhirSchema.R4.Type(head[2])!);
        Name = Url[(Url.LastIndexOf('/') + 1)..];
        Contexts = [.. head.Skip(3).Where(c => c[0] == '^').Select(c => c[1..].Split(' ', 2)).Select(c => new ExtensionContext(c[0], c[1]))];
        (Root, _byId) = (root, byId);
    }

    /// <summary>Its canonical, without version.</summary>
    public string Url { get; }

    /// <summary>The end of its canonical, by which findings name it.</summary>
    public string Name { get; }

    /// <summary>Its version; null when it says none.</summary>
    public string? Version { get; }

    /// <summary>The type that it constrains.</summary>
    public FhirType Type { get; }

    /// <summary>The canonical of a base that is not known, so that only what the profile itself says is judged; null when all is known.</summary>
    public string? MissingBase { get; internal init; }

    internal ImmutableArray<ExtensionContext> Contexts { get; }

    internal ElementRules Root { get; }

    /// <summary>The rules that an element takes over from the one whose content it has; null when it has its own.</summary>
    internal ElementRules? Same(ElementDef? element) => _recurs && element is not null && ContentOf(element) is { } other ? _byId.GetValueOrDefault(other) : null;

    /// <summary>The path of the element whose content another one has: <c>Questionnaire.item</c> for <c>Questionnaire.item.item</c>; null for one that has its own.</summary>
    internal static string? ContentOf(ElementDef element) => element.Types is [{ Kind: FhirTypeKind.Backbone } type] && type.Name != element.Path ? type.Name : null;

    /// <summary>The tree of rules, one line for each element, indented by its depth.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Url).Append(Version is null ? "" : "|" + Version).Append(": ").Append(Type).Append('\n');
        foreach (var context in Contexts)
            text.Append("  stands in ").Append(context.Kind).Append(' ').Append(context.Expression).Append('\n');
        Print(Root, 1, text);
        return text.ToString();
    }

    private static void Print(ElementRules rules, int depth, StringBuilder text)
    {
        text.Append(' ', depth * 2).Append(rules).Append('\n');
        foreach (var slice in rules.Slices)
            Print(slice, depth + 1, text);
        foreach (var child in rules.Children)
            Print(child, depth + 1, text);
    }
}
