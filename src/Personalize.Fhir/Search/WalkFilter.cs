using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Search;

/// <summary>What an element on the way must be.</summary>
internal abstract record WalkFilter;

/// <summary><c>as Quantity</c>.</summary>
internal sealed record OfType(string Type) : WalkFilter;

/// <summary><c>where(system='phone')</c>, and the url of <c>extension('...')</c>.</summary>
internal sealed record WithText(string Child, string Text) : WalkFilter;

/// <summary><c>where(resolve() is Patient)</c>: by what the reference itself says.</summary>
internal sealed record PointingTo(string Type) : WalkFilter;

/// <summary>A filter that looks at the value, not at its type alone: bound to the names of the schema.</summary>
internal abstract record RowFilter
{
    private static readonly ushort _reference = FhirSchema.R4.Names.Id("reference");
    private static readonly ushort _type = FhirSchema.R4.Names.Id("type");

    public abstract bool Holds(JsonTree tree, int row);

    /// <summary>Bound to an element type; null when no element of that type can pass, or when it is decided by the type alone (see <see cref="Passes"/>).</summary>
    public static RowFilter? Of(WalkFilter filter, FhirType type) => filter switch
    {
        WithText text => new TextRow(type.Element(text.Child)!.Properties[0].Id, text.Text),
        PointingTo target => new TargetRow(target.Type),
        _ => null,
    };

    /// <summary>False when no element of that type can pass.</summary>
    public static bool Passes(WalkFilter filter, FhirType type) => filter switch
    {
        // A choice's uri is told from its canonical: as FHIRPath narrows, a primitive must be of that very type.
        OfType wanted => type.Primitive == PrimitiveKind.None ? type.Is(wanted.Type) : type.Name == wanted.Type,
        WithText text => type.Element(text.Child) is { Properties: [{ Type.Primitive: not PrimitiveKind.None }] },
        _ => type.Name == "Reference",
    };

    private sealed record TextRow(ushort Name, string Text) : RowFilter
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(Text);

        public override bool Holds(JsonTree tree, int row) => Is(tree, Rows.Child(tree, row, Name), _utf8);
    }

    private sealed record TargetRow(string Type) : RowFilter
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(Type);

        public override bool Holds(JsonTree tree, int row)
        {
            var reference = Rows.Text(tree, Rows.Child(tree, row, _reference));
            return References.TryKey(reference, out var type, out _) ? reference[type].SequenceEqual(_utf8) : Is(tree, Rows.Child(tree, row, _type), _utf8);
        }
    }

    private static bool Is(JsonTree tree, int row, ReadOnlySpan<byte> text) => Rows.HasText(tree, row) && Rows.Text(tree, row).SequenceEqual(text);
}
