using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Search;

/// <summary>How an element is turned into values: by the type of the parameter and its own.</summary>
internal enum IndexForm : byte
{
    None,
    Text,
    NameParts,
    AddressParts,
    Code,
    Coding,
    Concept,
    Identifier,
    ContactPoint,
    Moment,
    Period,
    Timing,
    Number,
    Quantity,
    Money,
    Range,
    Reference,
    OwnId,
    Canonical,
    Uri,
}

/// <summary>Chooses the form. Source: FHIR R4, Search, the tables under each parameter type.</summary>
internal static class IndexForms
{
    /// <summary>The form for a parameter on an element of that type; <see cref="IndexForm.None"/> when they do not fit.</summary>
    public static IndexForm Of(SearchParameterType parameter, FhirType element) => parameter switch
    {
        SearchParameterType.String => element.Name switch { "HumanName" => IndexForm.NameParts, "Address" => IndexForm.AddressParts, _ => Primitive(element, IndexForm.Text) },
        SearchParameterType.Token => Token(element),
        SearchParameterType.Date => element.Name switch { "Period" => IndexForm.Period, "Timing" => IndexForm.Timing, _ => Primitive(element, IndexForm.Moment) },
        SearchParameterType.Number or SearchParameterType.Quantity => Number(element),
        SearchParameterType.Reference => element.Name == "Reference" ? IndexForm.Reference : element.IsResource ? IndexForm.OwnId : Primitive(element, IndexForm.Canonical),
        SearchParameterType.Uri => Primitive(element, IndexForm.Uri),
        _ => IndexForm.None,
    };

    private static IndexForm Token(FhirType element) => element.Name switch
    {
        "Coding" => IndexForm.Coding,
        "CodeableConcept" => IndexForm.Concept,
        "Identifier" => IndexForm.Identifier,
        "ContactPoint" => IndexForm.ContactPoint,
        _ => Primitive(element, IndexForm.Code),
    };

    private static IndexForm Number(FhirType element) => element.Name switch
    {
        "Range" => IndexForm.Range,
        "Money" => IndexForm.Money,
        _ => element.Is("Quantity") ? IndexForm.Quantity : Primitive(element, IndexForm.Number),
    };

    private static IndexForm Primitive(FhirType element, IndexForm form) => element.Primitive == PrimitiveKind.None ? IndexForm.None : form;
}
