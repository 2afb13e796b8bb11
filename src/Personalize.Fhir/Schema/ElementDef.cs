namespace Personalize.Fhir.Schema;

/// <summary>An element of a type.</summary>
public sealed class ElementDef
{
    private readonly Lazy<IReadOnlyList<FhirType>> _types;
    private readonly Lazy<IReadOnlyList<JsonProperty>> _properties;
    private JsonProperty? _only;

    internal ElementDef(SchemaLine line, FhirSchema schema)
    {
        Path = line.Path;
        var last = line.Path[(line.Path.LastIndexOf('.') + 1)..];
        IsChoice = last.EndsWith("[x]", StringComparison.Ordinal);
        Name = IsChoice ? last[..^3] : last;
        (Min, Max) = (line.Min, line.Max);
        (IsSummary, IsModifier) = (line.Flags.Contains('s'), line.Flags.Contains('m'));
        Targets = [.. line.Types.SelectMany(t => t.Targets).Distinct()];
        (BindingStrength, ValueSet) = (line.BindingStrength, line.ValueSet);
        Constraints = line.Constraints;
        _types = new(() => [.. line.Types.Select(t => schema.TypeOf(this, t.Name))]);
        _properties = new(() => [.. Types.Select(t => new JsonProperty(this, t, schema.Names))]);
    }

    /// <summary>The short name: <c>value</c> for <c>value[x]</c>.</summary>
    public string Name { get; }

    /// <summary>The path in the definition: <c>Observation.value[x]</c>.</summary>
    public string Path { get; }

    /// <summary>The least number of repetitions.</summary>
    public int Min { get; }

    /// <summary>The greatest number of repetitions; <see cref="int.MaxValue"/> for <c>*</c>.</summary>
    public int Max { get; }

    /// <summary>True for <c>value[x]</c>.</summary>
    public bool IsChoice { get; }

    /// <summary>True when it stands in a summary.</summary>
    public bool IsSummary { get; }

    /// <summary>True when it changes the meaning of what surrounds it.</summary>
    public bool IsModifier { get; }

    /// <summary>The types that it may have; a content reference is resolved to the type that it names.</summary>
    public IReadOnlyList<FhirType> Types => _types.Value;

    /// <summary>The resource types that a Reference or canonical may point to; empty means any.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The strength of the binding: <c>required</c>, <c>extensible</c>, <c>preferred</c>, <c>example</c>; null without one.</summary>
    public string? BindingStrength { get; }

    /// <summary>The canonical of the value set, without version; null without a binding.</summary>
    public string? ValueSet { get; }

    /// <summary>The constraints on this element.</summary>
    public IReadOnlyList<ConstraintDef> Constraints { get; }

    /// <summary>The properties under which it stands in JSON: one, or one for each type of a choice.</summary>
    internal IReadOnlyList<JsonProperty> Properties => _properties.Value;

    /// <summary>The one property that it has in JSON; null for a choice.</summary>
    internal JsonProperty? Only => IsChoice ? null : _only ??= Properties is [var only] ? only : null;
}

/// <summary>A constraint: a FHIRPath expression that must not be false.</summary>
/// <param name="Key">Such as <c>pat-1</c>.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Expression">FHIRPath, as in the definition.</param>
public sealed record ConstraintDef(string Key, string Severity, string Expression);
