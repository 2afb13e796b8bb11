using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Validation.Questionnaires;

/// <summary>One answer: of the type that is asked for, among the options, within the limits. Source: FHIR R4, Questionnaire.item and its extensions.</summary>
internal sealed class AnswerRules(Findings findings, ValidationContext context, Element questionnaire)
{
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/";
    private const string Adaptive = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
    private static readonly string[] _choice = ["Coding", "string", "integer", "date", "time", "Reference"];

    public void Check(Element answer, Element value, Element question)
    {
        var type = question.Child("type")?.Text ?? "";
        if (!Types(type).Contains(value.Type.Name))
        {
            findings.Error(Findings.Structure, $"The answer to a question of type {type} must be of type {string.Join(" or ", Types(type))}.", value);
            return;
        }
        Options(answer, value, question, type);
        Text(value, question);
        Limits(value, question);
        if (value.Type.Name == "Quantity")
            Unit(value, question);
        else if (value.Type.Name == "Reference")
            Reference(value);
    }

    /// <summary>True when both codings have the same system and code.</summary>
    public static bool SameCode(Element left, Element right) =>
        left.Child("code")?.Text == right.Child("code")?.Text && left.Child("system")?.Text == right.Child("system")?.Text;

    private static string[] Types(string type) => type switch
    {
        "choice" or "open-choice" => _choice,
        "text" => ["string"],
        "url" => ["uri"],
        "reference" => ["Reference"],
        "quantity" => ["Quantity"],
        "attachment" => ["Attachment"],
        _ => [type],
    };

    private void Options(Element answer, Element value, Element question, string type)
    {
        if (type == "open-choice" && value.Type.Name == "string")
            return;
        var options = question.Children("answerOption").Select(o => o.Child("value")).OfType<Element>().ToList();
        if (options.Count > 0 && !options.Exists(o => Same(value, o)))
            findings.Error(Findings.CodeInvalid, "The answer is none of the options.", answer);
        if (question.Child("answerValueSet")?.Text is { } set && IsIn(value, set) == false)
            findings.Error(Findings.CodeInvalid, "The answer is not in the value set of the question.", answer);
    }

    private bool Same(Element value, Element option) => value.Type.Name switch
    {
        "Coding" => option.Type.Name == "Coding" && SameCode(value, option),
        "Reference" => value.Child("reference")?.Text == option.Child("reference")?.Text,
        _ => value.Type == option.Type && Comparison.Holds(value, "=", option, context.Path) == true,
    };

    private bool? IsIn(Element value, string set)
    {
        var sets = context.Path.ValueSets;
        return set[0] != '#' ? CodeMatch.IsIn(value, set, sets)
            : Contained(set[1..]) is { } own && own.Child("url")?.Text is { } url ? CodeMatch.IsIn(value, url, sets.With([own.Tree.Cut(own.Node)])) : null;
    }

    private Element? Contained(string id)
    {
        foreach (var contained in questionnaire.Children("contained"))
            if (contained.Type.Name == "ValueSet" && contained.Child("id")?.TextIs(id) == true)
                return contained;
        return null;
    }

    private void Text(Element value, Element question)
    {
        var length = value.Type.Primitive == PrimitiveKind.None ? 0 : value.Text?.Length ?? 0;
        if (Number(question.Child("maxLength")) is { } most && length > most)
            findings.Error("too-long", $"The answer may have at most {most} characters.", value);
        if (Number(Extension(question, Extensions + "minLength")) is { } least && length < least)
            findings.Error(Findings.BusinessRule, $"The answer must have at least {least} characters.", value);
        var number = value.Type.Name == "Quantity" ? value.Child("value") : value;
        if (Number(Extension(question, Extensions + "maxDecimalPlaces")) is { } places && number?.Text is { } text && text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && text.Length - point - 1 > places)
            findings.Error(Findings.Value, $"The number may have at most {places} decimal places.", value);
    }

    private void Limits(Element value, Element question)
    {
        foreach (var (url, op, text) in new[] { ("minValue", ">=", "less than the least"), ("maxValue", "<=", "more than the greatest") })
            if ((Extension(question, Extensions + url) ?? Extension(question, Adaptive + url.Replace("Value", "Quantity", StringComparison.Ordinal))) is { } limit)
                Limit(value, op, limit, text);
    }

    private void Limit(Element value, string op, Element limit, string text)
    {
        var isUncoded = value.Type.Name == "Quantity" && (value.Child("code") is null || limit.Child("code") is null);
        var holds = isUncoded ? null : Comparison.Holds(value, op, limit, context.Path);
        if (holds == false || (holds is null && value.Type.Name is "date" or "dateTime" && !Begins(value, limit)))
            findings.Error(Findings.Value, $"The answer is {text} one that is allowed.", value);
        else if (holds is null && value.Type.Name == "Quantity")
            findings.Error(Findings.Value, "The answer cannot be compared with the limits of the question: its unit has no code.", value);
    }

    /// <summary>A date that is less exact than its limit, or more, is within it when one begins with the other.</summary>
    private static bool Begins(Element value, Element limit) => value.Text is { } text && limit.Text?.StartsWith(text, StringComparison.Ordinal) == true;

    private void Unit(Element quantity, Element question)
    {
        var units = question.Children("extension").Where(e => e.Child("url")?.TextIs(Extensions + "questionnaire-unitOption") == true).Select(e => e.Child("value")).OfType<Element>().ToList();
        if (units.Count > 0 && !units.Exists(u => SameCode(quantity, u)))
            findings.Error(Findings.CodeInvalid, "The unit is none of those that the question allows.", quantity);
        if (Extension(question, Extensions + "questionnaire-unitValueSet")?.Text is { } set && CodeMatch.IsIn(quantity, set, context.Path.ValueSets) == false)
            findings.Error(Findings.CodeInvalid, "The unit is not in the value set of the question.", quantity);
    }

    private void Reference(Element reference)
    {
        if (reference.Child("reference")?.Text?.Split('/') is [.., var type, _] && type.Length > 0 && type.All(char.IsAsciiLetter) && char.IsAsciiLetterUpper(type[0]) && FhirSchema.R4.Type(type) is null)
            findings.Error(Findings.Structure, "The reference names a type that R4 does not have.", reference);
    }

    private static Element? Extension(Element element, string url)
    {
        foreach (var extension in element.Children("extension"))
            if (extension.Child("url")?.TextIs(url) == true)
                return extension.Child("value");
        return null;
    }

    private static int? Number(Element? element) => int.TryParse(element?.Text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
