using System.Collections.Frozen;

namespace Personalize.Fhir.Schema;

/// <summary>What a type is.</summary>
public enum FhirTypeKind
{
    /// <summary>A primitive: <c>string</c>, <c>date</c>, <c>code</c>.</summary>
    Primitive,
    /// <summary>A data type: <c>Quantity</c>, <c>HumanName</c>.</summary>
    Complex,
    /// <summary>An element defined inside a resource or data type: <c>Patient.contact</c>.</summary>
    Backbone,
    /// <summary>A resource.</summary>
    Resource,
}

/// <summary>A type of FHIR R4, out of <c>r4.schema</c>.</summary>
public sealed class FhirType
{
    private readonly Func<Members> _make;
    private Members? _members;
    private readonly FrozenSet<string> _ancestry;

    internal FhirType(string name, FhirTypeKind kind, FhirType? ancestor, bool isAbstract, IReadOnlyList<ConstraintDef> constraints, Func<IReadOnlyList<ElementDef>> own)
    {
        (Name, Kind, Base, IsAbstract, Constraints) = (name, kind, ancestor, isAbstract, constraints);
        Primitive = kind == FhirTypeKind.Primitive ? Enum.Parse<PrimitiveKind>(name, ignoreCase: true) : PrimitiveKind.None;
        _ancestry = [name, .. ancestor?._ancestry ?? []];
        _make = () => new Members(Merge(ancestor?.Elements ?? [], own()));
    }

    /// <summary><c>Patient</c>, <c>Quantity</c>, <c>code</c>, <c>Patient.contact</c>.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public FhirTypeKind Kind { get; }

    /// <summary>The type that it derives from: <c>DomainResource</c>, <c>Element</c>, <c>string</c> for <c>code</c>; null for the roots.</summary>
    public FhirType? Base { get; }

    /// <summary>True for <c>Resource</c>, <c>DomainResource</c>, <c>Element</c>, <c>BackboneElement</c>.</summary>
    public bool IsAbstract { get; }

    /// <summary>True for a resource, abstract or not.</summary>
    public bool IsResource => Kind == FhirTypeKind.Resource;

    /// <summary>All elements, inherited ones first, in the order of the definition.</summary>
    public IReadOnlyList<ElementDef> Elements => All.Elements;

    /// <summary>The constraints on the type itself; those of its base are not repeated.</summary>
    public IReadOnlyList<ConstraintDef> Constraints { get; }

    /// <summary>The element of that short name (<c>value</c> for <c>value[x]</c>), or null.</summary>
    public ElementDef? Element(string name) => All.ByName.GetValueOrDefault(name);

    /// <summary>True when this is that type or derives from it.</summary>
    public bool Is(string name) => _ancestry.Contains(name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    // Made when first asked for, since types refer to each other; of two threads the first one's counts, for elements are told apart by identity.
    internal Members All => _members ?? Make();

    /// <summary>Which primitive it is.</summary>
    internal PrimitiveKind Primitive { get; }

    /// <summary>What stands in JSON under the name of that number; null when nothing does.</summary>
    internal JsonProperty? Property(ushort name)
    {
        var rule = All.Rules[name];
        return rule.Name == name ? rule.Property : null;
    }

    private Members Make()
    {
        var made = _make();
        return Interlocked.CompareExchange(ref _members, made, null) ?? made;
    }

    // An element that a type defines anew takes the place of the inherited one.
    private static List<ElementDef> Merge(IReadOnlyList<ElementDef> inherited, IReadOnlyList<ElementDef> own) =>
        [.. inherited.Select(i => own.FirstOrDefault(o => o.Name == i.Name) ?? i), .. own.Where(o => inherited.All(i => i.Name != o.Name))];

    /// <summary>The elements as they are found by the numbers of their names.</summary>
    internal sealed class Members
    {
        public Members(List<ElementDef> elements)
        {
            Elements = [.. elements];
            ByName = elements.ToFrozenDictionary(e => e.Name);
            Rules = new([.. elements.SelectMany((element, at) => element.Properties.Select(property => new JsonRule(property, at)))]);
            // A mask has room for 64; no type of R4 has as many elements.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(elements.Count, 64, nameof(elements));
            Required = elements.Select((e, at) => e.Min > 0 ? 1UL << at : 0).Aggregate(0UL, (mask, bit) => mask | bit);
        }

        public ElementDef[] Elements { get; }

        public FrozenDictionary<string, ElementDef> ByName { get; }

        /// <summary>A bit for each element that must be there, by its place in <see cref="Elements"/>.</summary>
        public ulong Required { get; }

        /// <summary>What is asked of each property, by the number of its name.</summary>
        public NameSlots<JsonRule> Rules { get; }
    }
}
