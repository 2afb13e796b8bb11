using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath.Analysis;

/// <summary>A type that an item may have: one of FHIR's or one of System's.</summary>
internal readonly record struct ItemType(FhirType? Fhir, SystemKind System)
{
    /// <summary>What it is when it is reckoned with.</summary>
    public SystemKind Kind => Fhir is null ? System : SystemValues.KindOf(Fhir);

    /// <summary>True when an item may be of a type that is not known here: any resource, any element.</summary>
    public bool IsOpen => Fhir is { IsAbstract: true };

    public override string ToString() => Fhir?.Name ?? System.ToString();
}

/// <summary>What is known of a collection before it is there.</summary>
/// <param name="Types">The types that its items may have; none means that nothing is known.</param>
/// <param name="IsOrdered">False when the order of its items means nothing.</param>
internal sealed record Shape(ImmutableArray<ItemType> Types, bool IsOrdered = true)
{
    /// <summary>Nothing is known.</summary>
    public static Shape Any { get; } = new([]);

    public static Shape Boolean { get; } = Of(SystemKind.Boolean);

    public static Shape Integer { get; } = Of(SystemKind.Integer);

    public static Shape Decimal { get; } = Of(SystemKind.Decimal);

    public static Shape Text { get; } = Of(SystemKind.Text);

    public static Shape Of(SystemKind kind) => new([new ItemType(null, kind)]);

    public static Shape Of(IEnumerable<FhirType> types) => new([.. types.Distinct().Select(t => new ItemType(t, SystemKind.None))]);

    /// <summary>Of a literal.</summary>
    public static Shape OfValue(object value) => value switch
    {
        bool => Boolean,
        int or long => Integer,
        decimal => Decimal,
        string => Text,
        FhirDate => Of(SystemKind.Date),
        FhirDateTime => Of(SystemKind.DateTime),
        FhirTime => Of(SystemKind.Time),
        Quantity => Of(SystemKind.Quantity),
        _ => Any,
    };

    /// <summary>True when the items' types are known for certain.</summary>
    public bool IsKnown => !Types.IsEmpty && Types.All(t => !t.IsOpen);

    /// <summary>True when no item can be of one of these kinds.</summary>
    public bool CannotBe(params ReadOnlySpan<SystemKind> kinds)
    {
        if (!IsKnown)
            return false;
        foreach (var type in Types)
        {
            if (kinds.Contains(type.Kind))
                return false;
        }
        return true;
    }

    /// <summary>Items of either.</summary>
    public Shape Or(Shape other) => Types.IsEmpty || other.Types.IsEmpty ? Any : new([.. Types.Union(other.Types)], IsOrdered && other.IsOrdered);

    /// <summary>Some of the types, for messages.</summary>
    public override string ToString() => string.Join(" or ", Types.Take(3)) + (Types.Length > 3 ? " or others" : "");
}
