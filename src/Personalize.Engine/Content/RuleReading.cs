using System.Collections.Immutable;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Content;

/// <summary>Reads a suggestion rule's PlanDefinition.</summary>
internal static class RuleReading
{
    private const string Place = "extension('suggestion-rule')";

    /// <summary>The extension that makes a PlanDefinition a suggestion rule, or null.</summary>
    public static Element? Worth(Element plan) => plan.Extensions(Canonicals.SuggestionRule).Cast<Element?>().FirstOrDefault();

    public static SuggestionRule? Read(ContentReader reader)
    {
        var worth = Worth(reader.Root);
        if (reader.Root.Child("action") is not { } action)
        {
            reader.Fault("A rule needs an action.", "action");
            return null;
        }
        return new SuggestionRule(
            reader.Id, reader.RequiredAt("title"), reader.RequiredAt("url"), reader.RequiredAt("version"), reader.RequiredAt("description"),
            reader.Root.TextAt("purpose"), reader.Root.TextAt("usage"), DayOf(reader, "start"), DayOf(reader, "end"), CitationsOf(reader.Root),
            reader.Share(worth, "benefit", Place), reader.Share(worth, "urgency", Place), PeriodOf(reader, worth),
            ConditionsOf(reader, action), OfferOf(reader, action));
    }

    private static DateOnly? DayOf(ContentReader reader, string end)
    {
        if (reader.Root.TextAt("effectivePeriod", end) is not { } text)
            return null;
        if (FhirDateTime.TryParse(text, out var moment) && moment.Day is { } day)
            return day;
        reader.Fault("A whole date is expected.", $"effectivePeriod.{end}");
        return null;
    }

    private static ImmutableArray<Citation> CitationsOf(Element root) =>
    [
        .. root.Children("relatedArtifact")
            .Where(artifact => artifact.TextAt("type") is "citation" or "justification")
            .Select(artifact => new Citation(artifact.TextAt("citation") ?? artifact.TextAt("display"), artifact.TextAt("url"), artifact.TextAt("label"))),
    ];

    private static OfferPeriod PeriodOf(ContentReader reader, Element? worth) => reader.OneOf(
        reader.RequiredIn(worth, "period", Place), Place + ".extension('period').value",
        ("once", OfferPeriod.Once), ("year", OfferPeriod.Year), ("half-year", OfferPeriod.HalfYear), ("month", OfferPeriod.Month));

    private static ImmutableArray<RuleCondition> ConditionsOf(ContentReader reader, Element action)
    {
        var conditions = action.Children("condition").Where(condition => condition.TextAt("kind") == "applicability").Select(condition => ConditionOf(reader, condition));
        ImmutableArray<RuleCondition> read = [.. conditions.OfType<RuleCondition>()];
        if (read.IsEmpty)
            reader.Fault("A rule needs a condition.", "action[0].condition");
        return read;
    }

    private static RuleCondition? ConditionOf(ContentReader reader, Element condition)
    {
        const string at = "action[0].condition.expression";
        var expression = reader.RequiredExpression(condition.Child("expression"), at);
        var text = reader.Required(condition.TextAt("expression", "description"), at + ".description");
        return expression is null ? null : new RuleCondition(text, expression);
    }

    private static RuleOffer OfferOf(ContentReader reader, Element action)
    {
        var offer = Contained(reader.Root, reader.Required(action.TextAt("definition"), "action[0].definition"));
        if (offer is null)
            reader.Fault("The definition names nothing that is contained.", "action[0].definition");
        var kind = reader.OneOf(reader.Required(offer?.TextAt("kind"), "contained.kind"), "contained.kind",
            ("Task", OfferKind.Task), ("ServiceRequest", OfferKind.ServiceRequest), ("CommunicationRequest", OfferKind.CommunicationRequest));
        var title = reader.Required(action.TextAt("title"), "action[0].title");
        return new RuleOffer(kind, ContentReader.ConceptOf(offer?.Child("code")), offer?.TextAt("description"), title, action.TextAt("priority") ?? "routine");
    }

    private static Element? Contained(Element root, string reference) =>
        root.Children("contained").Cast<Element?>().FirstOrDefault(contained => $"#{contained!.Value.TextAt("id")}" == reference);
}
