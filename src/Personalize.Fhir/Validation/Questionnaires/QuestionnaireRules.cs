using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Validation.Questionnaires;

/// <summary>A QuestionnaireResponse beside its Questionnaire. Source: FHIR R4, QuestionnaireResponse, notes on structure and status.</summary>
internal sealed class QuestionnaireRules(Findings findings, ValidationContext context)
{
    public void Check(Element response)
    {
        if (response.Child("questionnaire") is not { HasValue: true } named)
            return;
        if (Find(response, named.Text!) is not { } questionnaire)
        {
            if (ReferenceTargets.TypeNamed(named.Text!.Split('|')[0]) is { Name: not "Questionnaire" })
                findings.Error(Findings.Structure, "The canonical names something else than a Questionnaire.", named);
            else if (context.Warnings)
                findings.Once(named.Text!, Findings.NotFound, "The Questionnaire is not known here: the answers are not checked against it.", named);
            return;
        }
        var isFinal = response.Child("status")?.Text is "completed" or "amended";
        new ResponseRules(findings, isFinal, new AnswerRules(findings, context, questionnaire), new EnableWhen(response, context.Path)).Items(response, questionnaire);
    }

    private Element? Find(Element response, string canonical)
    {
        if (canonical[0] != '#')
            return context.Questionnaire?.Invoke(canonical) is { Type: "Questionnaire" } known ? known.Root : null;
        foreach (var contained in response.Children("contained"))
            if (contained.Type.Name == "Questionnaire" && contained.Child("id")?.TextIs(canonical[1..]) == true)
                return contained;
        return null;
    }
}
