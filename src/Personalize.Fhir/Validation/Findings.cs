using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Validation;

/// <summary>What a validation has found so far, each with its place. The codes are those of the R4 value set <c>issue-type</c>.</summary>
internal sealed class Findings(JsonTree tree, int most = Findings.Most)
{
    public const string Structure = "structure";
    public const string Value = "value";
    public const string Required = "required";
    public const string CodeInvalid = "code-invalid";
    public const string BusinessRule = "business-rule";
    public const string Invariant = "invariant";
    public const string NotFound = "not-found";
    public const string NotSupported = "not-supported";
    public const string Extension = "extension";

    // Nobody reads more, and a place costs time to tell.
    private const int Most = 100;

    private JsonTree _tree = tree;
    private List<Issue>? _issues;
    private HashSet<string>? _said;
    private int _errors;

    /// <summary>Forgets everything for the validation of another resource; null lets go of the last one.</summary>
    public void Begin(JsonTree? tree) => (_tree, _issues, _said, _errors, IsLenient) = (tree!, null, null, 0, false);

    /// <summary>True when no more is taken.</summary>
    public bool IsFull => _errors >= most;

    /// <summary>True while what would be an error is only a warning.</summary>
    public bool IsLenient { get; set; }

    /// <summary>True when an error was found.</summary>
    public bool HasErrors => _errors > 0;

    public ImmutableArray<Issue> All => _issues is null ? [] : [.. _issues];

    /// <summary>An error at that row; <c>below</c> names an element that should be under it.</summary>
    public void Error(string code, string text, int node, string? below = null) => Add(IsLenient ? IssueSeverity.Warning : IssueSeverity.Error, code, text, node, below);

    /// <summary>An error at that element.</summary>
    public void Error(string code, string text, Element element, string? below = null) => Error(code, text, Row(element), below);

    /// <summary>Something at that row that a person should look at.</summary>
    public void Warning(string code, string text, int node) => Add(IssueSeverity.Warning, code, text, node, null);

    /// <summary>Something at that element that a person should look at.</summary>
    public void Warning(string code, string text, Element element) => Warning(code, text, Row(element));

    /// <summary>A warning that is said once for all places that share a key.</summary>
    public void Once(string key, string code, string text, Element element)
    {
        if ((_said ??= new(StringComparer.Ordinal)).Add(key))
            Warning(code, text, element);
    }

    /// <summary>Something that would be better, said once for all places that share a key.</summary>
    public void Practice(string key, string code, string text, int node)
    {
        if ((_said ??= new(StringComparer.Ordinal)).Add(key))
            Add(IssueSeverity.Information, code, text, node, null);
    }

    private static int Row(Element element) => element.Node >= 0 ? element.Node : element.Twin;

    private void Add(IssueSeverity severity, string code, string text, int node, string? below)
    {
        var isError = severity == IssueSeverity.Error;
        if (IsFull || (!isError && _issues?.Count >= most))
            return;
        var (line, column) = _tree.Position(node);
        var place = Locations.Of(_tree, node);
        var issue = new Issue(severity, code, text, below is null ? place : $"{place}.{below}", line, column);
        // Several profiles may ask for the same.
        if (_issues?.Contains(issue) == true)
            return;
        _errors += isError ? 1 : 0;
        (_issues ??= []).Add(issue);
    }
}
