using Personalize.Fhir.Elements;

namespace Personalize.Fhir.FhirPath;

/// <summary>An ordered FHIRPath collection of elements and System values. Immutable.</summary>
public sealed class PathValues
{
    private static readonly PathValues True = new([PathValue.Of(true)]);
    private static readonly PathValues False = new([PathValue.Of(false)]);

    internal PathValues(PathValue[] values) => Array = values;

    internal PathValue[] Array { get; }

    /// <summary>No items.</summary>
    public static PathValues Empty { get; } = new([]);

    /// <summary>The items.</summary>
    public IReadOnlyList<PathValue> Items => Array;

    /// <summary>One element.</summary>
    public static PathValues Of(Element element) => new([new PathValue(element)]);

    /// <summary>Elements in order.</summary>
    public static PathValues Of(IEnumerable<Element> elements) => new(elements.Select(e => new PathValue(e)).ToArray());

    /// <summary>One System value: <see cref="bool"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="decimal"/>, or one of this library's date and quantity types.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    public static PathValues Of(object value) => Of(PathValue.Of(value));

    /// <summary>Values in order.</summary>
    public static PathValues Of(IEnumerable<PathValue> values) => new(values.ToArray());

    internal static PathValues Of(PathValue value) => value.System is bool truth ? truth ? True : False : new([value]);

    /// <summary>FHIRPath's reading as a condition: empty gives null, one Boolean its value, one other item true; several items give null with no error.</summary>
    public bool? AsBoolean() => Array.Length == 1 ? Singleton.Truth(Array[0]) : null;
}
