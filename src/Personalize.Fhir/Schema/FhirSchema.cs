using System.Collections.Frozen;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Schema;

/// <summary>The types of FHIR R4, read from the embedded <c>r4.schema</c> when first asked for.</summary>
public sealed class FhirSchema
{
    private static readonly Lazy<FhirSchema> _r4 = new(() => new FhirSchema(Embedded("r4.schema")));
    private readonly FrozenDictionary<string, FhirType> _types;
    private readonly JsonNames _resourceNames;
    private readonly FhirType[] _resources;

    private FhirSchema(string text)
    {
        var read = new SchemaText(text);
        Names = JsonNames.Of(read.JsonNames());
        _types = read.Types(this).ToFrozenDictionary(t => t.Name);
        ResourceTypes = [.. _types.Values.Where(t => t.Kind == FhirTypeKind.Resource && !t.IsAbstract).Select(t => t.Name).Order(StringComparer.Ordinal)];
        _resourceNames = JsonNames.Of(ResourceTypes);
        _resources = [_types["Resource"], .. ResourceTypes.Select(t => _types[t])];
        ResourceTypeName = Names.Id("resourceType");
    }

    /// <summary>FHIR 4.0.1.</summary>
    public static FhirSchema R4 => _r4.Value;

    /// <summary>Every property name that a resource may have in JSON, with its number.</summary>
    public JsonNames Names { get; }

    /// <summary>The names of all concrete resource types, sorted.</summary>
    public IReadOnlyList<string> ResourceTypes { get; }

    /// <summary>Every type, those of backbone elements included, in no order.</summary>
    public IEnumerable<FhirType> Types => _types.Values;

    /// <summary>The type of that name, or null.</summary>
    public FhirType? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>The number of the name <c>resourceType</c>.</summary>
    internal ushort ResourceTypeName { get; }

    /// <summary>The type of that name in UTF-8 when it is a resource, or null.</summary>
    internal FhirType? ResourceType(ReadOnlySpan<byte> utf8) => _resourceNames.Find(utf8) is var id && id != JsonNames.Unknown ? _resources[id] : null;

    /// <summary>The type that an element names: <c>#Bundle.link</c> is the type of that element, <c>BackboneElement</c> with elements of its own is a type by itself.</summary>
    internal FhirType TypeOf(ElementDef element, string name) =>
        name.StartsWith('#') ? _types[name[1..]] : _types.GetValueOrDefault(element.Path) ?? _types[name];

    internal static string Embedded(string name)
    {
        using var stream = typeof(FhirSchema).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded: run fhir-profiles/compile.cs.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
