using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Validation.Questionnaires;

/// <summary>The items of a response, level by level: each is asked for, enabled, there when it must be, and not too often.</summary>
internal sealed class ResponseRules(Findings findings, bool isFinal, AnswerRules answers, EnableWhen enabled)
{
    /// <summary>The items under a response, an item or an answer, beside those under the questionnaire or the question.</summary>
    public void Items(Element parent, Element asked)
    {
        var questions = asked.Children("item").ToList();
        var last = -1;
        foreach (var item in parent.Children("item"))
        {
            var link = item.Child("linkId")?.Text;
            var at = questions.FindIndex(q => q.Child("linkId")?.Text == link);
            if (at < 0)
                findings.Error(Findings.Structure, "The Questionnaire asks no such item here.", item);
            else if (at < last)
                findings.Error(Findings.Structure, "The items must stand in the order of the Questionnaire.", item);
            last = Math.Max(at, last);
        }
        foreach (var question in questions)
            Question(parent, question, [.. parent.Children("item").Where(i => i.Child("linkId")?.Text == question.Child("linkId")?.Text)]);
    }

    private void Question(Element parent, Element question, List<Element> items)
    {
        if (!enabled.Is(question))
        {
            if (isFinal && items.Find(HasAnswer) is { Node: > 0 } surplus)
                findings.Error(Findings.BusinessRule, "The item has an answer although it is not enabled.", surplus);
            return;
        }
        if (items.Count > 1 && (question.Child("type")?.TextIs("group") != true || !Says(question, "repeats")))
            findings.Error(Findings.BusinessRule, "The item may be there only once.", items[1]);
        if (Says(question, "required") && isFinal && !items.Exists(HasContent))
            Missing(parent, items);
        foreach (var item in items)
            Item(item, question);
    }

    private void Missing(Element parent, List<Element> items)
    {
        const string Text = "An item that is required has no answer.";
        if (items.Count > 0)
            findings.Error(Findings.Required, Text, items[0]);
        else
            findings.Error(Findings.Required, Text, parent, "item");
    }

    private void Item(Element item, Element question)
    {
        switch (question.Child("type")?.Text)
        {
            case "group":
                NoAnswer(item);
                Items(item, question);
                break;
            case "display" or "question":
                NoAnswer(item);
                break;
            default:
                Answers(item, question);
                break;
        }
    }

    private void NoAnswer(Element item)
    {
        if (item.Child("answer") is not null)
            findings.Error(Findings.Structure, "An item of this type has no answer.", item);
    }

    private void Answers(Element item, Element question)
    {
        var given = item.Children("answer").ToList();
        if (given.Count > 1 && !Says(question, "repeats"))
            findings.Error(Findings.BusinessRule, "The item may have only one answer.", item);
        if (item.Child("item") is { } misplaced)
            findings.Error(Findings.Structure, "Items under a question stand in its answer.", misplaced);
        foreach (var answer in given)
        {
            if (answer.Child("value") is { } value)
                answers.Check(answer, value, question);
            Items(answer, question);
        }
    }

    private static bool HasAnswer(Element item) => item.Child("answer") is not null;

    private static bool HasContent(Element item) => HasAnswer(item) || item.Child("item") is not null;

    private static bool Says(Element question, string name) => question.Child(name)?.TextIs("true") == true;

}
