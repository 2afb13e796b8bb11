using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>An item of a collection: an element of a resource or a System value.</summary>
public readonly struct PathValue
{
    private const int LeastKept = -1;
    private const int GreatestKept = 255;
    private static readonly object BoxedTrue = true;
    private static readonly object BoxedFalse = false;
    private static readonly object[] BoxedIntegers = [.. Enumerable.Range(LeastKept, GreatestKept - LeastKept + 1).Select(i => (object)i)];

    private readonly Element _element;

    internal PathValue(object system) => System = system;

    internal PathValue(Element element) => _element = element;

    internal static PathValue Of(bool value) => new(value ? BoxedTrue : BoxedFalse);

    internal static PathValue Of(int value) => new(value is >= LeastKept and <= GreatestKept ? BoxedIntegers[value - LeastKept] : value);

    /// <summary>A System value; the same types as for <see cref="PathValues.Of(object)"/>.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    public static PathValue Of(object value) => value switch
    {
        bool truth => Of(truth),
        int number => Of(number),
        string or long or decimal or FhirDate or FhirDateTime or FhirTime or Quantity or TypeFact => new(value),
        Element element => new(element),
        _ => throw new ArgumentException($"{value.GetType().Name} is no System type of FHIRPath.", nameof(value)),
    };

    /// <summary>The System value itself; null for an element.</summary>
    internal object? System { get; }

    /// <summary>True for an element, also one of a primitive type.</summary>
    internal bool IsElement => System is null;

    /// <summary>The element, without asking whether it is one.</summary>
    internal Element Raw => _element;

    /// <summary>The element, when it is one.</summary>
    public Element? Element => IsElement ? _element : null;

    /// <summary>The System value (an element of a primitive type or a Quantity converts itself): <see cref="bool"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="decimal"/>, a date, dateTime, time or quantity type; null for any other element, and for one without a usable value.</summary>
    public object? Value => System ?? SystemValues.Of(_element);

    /// <summary>The name of its type: <c>Quantity</c>, <c>boolean</c>, <c>string</c>, ...</summary>
    public string TypeName => System switch
    {
        null => _element.Type.Name,
        bool => "boolean",
        string => "string",
        int => "integer",
        long => "integer64",
        decimal => "decimal",
        FhirDate => "date",
        FhirDateTime => "dateTime",
        FhirTime => "time",
        Quantity => "Quantity",
        _ => "TypeInfo",
    };

    /// <summary>As text: a string as it is, a date in ISO form, a decimal as written.</summary>
    public override string ToString() => System switch
    {
        null => _element.Text ?? "",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => System.ToString() ?? "",
    };
}
