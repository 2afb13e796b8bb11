using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Validation;

/// <summary>What a validation has found so far, each with its place. The codes are those of the R4 value set <c>issue-type</c>.</summary>
internal sealed class Findings(JsonTree tree)
{
    public const string Structure = "structure";
    public const string Value = "value";
    public const string Required = "required";
    public const string CodeInvalid = "code-invalid";
    public const string BusinessRule = "business-rule";
    public const string Invariant = "invariant";

    // Nobody reads more, and a place costs time to tell.
    private const int Most = 100;

    private List<Issue>? _issues;

    /// <summary>True when no more is taken.</summary>
    public bool IsFull => _issues?.Count >= Most;

    public ImmutableArray<Issue> All => _issues is null ? [] : [.. _issues];

    /// <summary>An error at that row; <c>below</c> names an element that should be under it.</summary>
    public void Error(string code, string text, int node, string? below = null) => Add(IssueSeverity.Error, code, text, node, below);

    /// <summary>Something at that row that a person should look at.</summary>
    public void Warning(string code, string text, int node) => Add(IssueSeverity.Warning, code, text, node, null);

    private void Add(IssueSeverity severity, string code, string text, int node, string? below)
    {
        if (IsFull)
            return;
        var (line, column) = tree.Position(node);
        var place = Locations.Of(tree, node);
        (_issues ??= []).Add(new(severity, code, text, below is null ? place : $"{place}.{below}", line, column));
    }
}
