namespace Personalize.Fhir.FhirPath;

/// <summary>A collection read as one value of a certain type. Source: FHIRPath 2.0, Singleton Evaluation of Collections.</summary>
internal static class Singleton
{
    /// <summary>The one value; null when there is none; an error when there are several.</summary>
    public static PathValue? One(Frame frame, Slice slice) => slice.Count switch
    {
        0 => null,
        1 => frame[slice.Start],
        _ => throw new PathError("One item is expected where there are several"),
    };

    /// <summary>As a condition: one item that is no Boolean is true.</summary>
    public static bool? Boolean(Frame frame, Slice slice) => slice.Count == 1 ? Truth(frame[slice.Start]) : One(frame, slice) is { } one ? Truth(one) : null;

    /// <summary>The condition that one item is. A boolean element without a value is unknown.</summary>
    public static bool? Truth(in PathValue value)
    {
        if (value.System is bool truth)
            return truth;
        if (!value.IsElement || SystemValues.KindOf(value.Raw.Type) != SystemKind.Boolean)
            return true;
        return value.Raw.HasValue ? value.Raw.TextIs("true") : null;
    }

    /// <summary>A Boolean; an error when it is of another type.</summary>
    public static bool? StrictBoolean(in PathValue value)
    {
        if (value.System is bool || (value.IsElement && SystemValues.KindOf(value.Raw.Type) == SystemKind.Boolean))
            return Truth(value);
        throw new PathError("A Boolean is expected");
    }

    /// <summary>A string; null when there is none; an error when it is of another type.</summary>
    public static string? Text(Frame frame, Slice slice) => One(frame, slice) is { } one ? Text(one) : null;

    public static string? Text(in PathValue value)
    {
        if (value.System is string text)
            return text;
        if (value.IsElement && SystemValues.KindOf(value.Raw.Type) == SystemKind.Text)
            return value.Raw.Text;
        throw new PathError("A string is expected");
    }

    /// <summary>A whole number; null when there is none; an error when it is of another type.</summary>
    public static int? Integer(Frame frame, Slice slice) => One(frame, slice) is { } one ? Integer(one) : null;

    private static int? Integer(in PathValue value) => value.Value switch
    {
        int whole => whole,
        long big => big is >= int.MinValue and <= int.MaxValue ? (int)big : throw new PathError("An Integer is expected"),
        null when value.IsElement && SystemValues.KindOf(value.Raw.Type) == SystemKind.Integer => null,
        _ => throw new PathError("An Integer is expected"),
    };

    /// <summary>Any number; null when there is none; an error when it is of another type.</summary>
    public static decimal? Number(in PathValue value) => value.Value switch
    {
        int whole => whole,
        long big => big,
        decimal number => number,
        null when value.IsElement && SystemValues.KindOf(value.Raw.Type) is SystemKind.Integer or SystemKind.Decimal => null,
        _ => throw new PathError("A number is expected"),
    };
}
