using System.Collections.Frozen;
using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>Which System type an element's type turns into.</summary>
internal enum SystemKind
{
    None,
    Boolean,
    Integer,
    Decimal,
    Text,
    Date,
    DateTime,
    Time,
    Quantity,
}

/// <summary>Turns elements into System values. Source: FHIR R4, FHIRPath, Using FHIR types in expressions.</summary>
internal static class SystemValues
{
    public const string UcumSystem = "http://unitsofmeasure.org";

    // By reference, not by name: this is asked for every element that is compared.
    private static readonly FrozenSet<FhirType> Quantities = FhirSchema.R4.Types.Where(t => t.Is("Quantity")).ToFrozenSet();

    public static SystemKind KindOf(FhirType type) => type.Primitive switch
    {
        PrimitiveKind.None => Quantities.Contains(type) ? SystemKind.Quantity : SystemKind.None,
        PrimitiveKind.Boolean => SystemKind.Boolean,
        PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => SystemKind.Integer,
        PrimitiveKind.Decimal => SystemKind.Decimal,
        PrimitiveKind.Date => SystemKind.Date,
        PrimitiveKind.DateTime or PrimitiveKind.Instant => SystemKind.DateTime,
        PrimitiveKind.Time => SystemKind.Time,
        _ => SystemKind.Text,
    };

    /// <summary>The value; null when the element has none, when its text is not of its type, or when it is no primitive and no Quantity.</summary>
    public static object? Of(Element element)
    {
        var kind = KindOf(element.Type);
        if (kind == SystemKind.Quantity)
            return OfQuantity(element);
        return kind == SystemKind.None || element.Text is not { } text ? null : OfText(kind, text);
    }

    private static object? OfText(SystemKind kind, string text) => kind switch
    {
        SystemKind.Boolean => text == "true" ? true : text == "false" ? false : null,
        SystemKind.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        SystemKind.Decimal => Decimal(text),
        SystemKind.Date => FhirDate.TryParse(text, out var date) ? date : null,
        SystemKind.DateTime => FhirDateTime.TryParse(text, out var moment) ? moment : null,
        SystemKind.Time => FhirTime.TryParse(text, out var time) ? time : null,
        _ => text,
    };

    private static decimal? Decimal(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A Quantity with a comparator is no number; UCUM's year and month are read as calendar units, as FHIR asks for.</summary>
    private static Quantity? OfQuantity(Element element)
    {
        if (Decimal(element.Child("value")?.Text) is not { } value || element.Child("comparator") is not null)
            return null;
        var code = element.Child("code")?.Text;
        if (code is null || element.Child("system")?.TextIs(UcumSystem) != true)
            return new Quantity(value, code ?? element.Child("unit")?.Text ?? Quantity.NoUnit);
        return new Quantity(value, code switch { "a" => "year", "mo" => "month", _ => code });
    }
}
