using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Fhir.Validation.Questionnaires;

/// <summary>Whether a question is to be asked, given the answers to others. Source: FHIR R4, Questionnaire.item.enableWhen.</summary>
internal sealed class EnableWhen(Element response, FhirPathContext context)
{
    /// <summary>True when the question has no conditions, or as many of them hold as it asks for.</summary>
    public bool Is(Element question)
    {
        var conditions = question.Children("enableWhen").ToList();
        if (conditions.Count == 0)
            return true;
        return question.Child("enableBehavior")?.TextIs("any") == true ? conditions.Exists(Holds) : conditions.TrueForAll(Holds);
    }

    private bool Holds(Element condition)
    {
        if (condition.Child("answer") is not { } wanted || condition.Child("question")?.Text is not { } link)
            return true;
        var given = Answers(response, link).ToList();
        var op = condition.Child("operator")?.Text ?? "=";
        return op switch
        {
            "exists" => given.Count > 0 == (wanted.Text == "true"),
            "!=" => given.Exists(a => !Same(a, wanted)),
            "=" => given.Exists(a => Same(a, wanted)),
            _ => given.Exists(a => Comparison.Holds(a, op, wanted, context) == true),
        };
    }

    private bool Same(Element answer, Element wanted) => wanted.Type.Name == "Coding" ? AnswerRules.SameCode(answer, wanted) : Comparison.Holds(answer, "=", wanted, context) == true;

    private static IEnumerable<Element> Answers(Element under, string link)
    {
        foreach (var item in under.Children("item"))
        {
            foreach (var answer in item.Children("answer"))
            {
                if (item.Child("linkId")?.TextIs(link) == true && answer.Child("value") is { } value)
                    yield return value;
                foreach (var deeper in Answers(answer, link))
                    yield return deeper;
            }
            foreach (var deeper in Answers(item, link))
                yield return deeper;
        }
    }
}
