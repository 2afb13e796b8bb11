using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Preferences;

/// <summary>What a patient prefers, and how that is known.</summary>
/// <param name="Definition">The kind of preference.</param>
/// <param name="Topic">The topic; null when the kind has none.</param>
/// <param name="Values">In rank order, the first choice first; empty when nothing is known.</param>
/// <param name="Source">The source that won; null when none did.</param>
/// <param name="Date">The date of what it rests on; null when there is none.</param>
/// <param name="Used">The resources that it rests on.</param>
/// <param name="Reasons">The facts that were looked at.</param>
public sealed record PreferenceResult(
    PreferenceDefinition Definition, string? Topic, ImmutableArray<Coded> Values, PreferenceSource? Source, string? Date,
    ImmutableArray<Resource> Used, ImmutableArray<Reason> Reasons)
{
    /// <summary>Its name: <c>visit-mode</c>, or <c>channel.care</c> with a topic.</summary>
    public string Code => Topic is null ? Definition.Kind : $"{Definition.Kind}.{Topic}";

    /// <summary>True when something is known.</summary>
    public bool IsKnown => !Values.IsEmpty;
}

/// <summary>Finds preferences: for each kind and topic, the first source that gives a value wins.</summary>
/// <param name="knowledge">What is known of codes.</param>
/// <param name="facts">The patient's facts.</param>
/// <param name="evaluation">Where expressions are evaluated.</param>
public sealed class PreferenceFinding(Knowledge knowledge, FactSheet facts, Evaluation evaluation)
{
    private const string Topic = "topic";

    /// <summary>The results for a kind: one, or one for each topic.</summary>
    public IEnumerable<PreferenceResult> Find(PreferenceDefinition definition) => definition.Topics.IsEmpty
        ? [FindFor(definition, null)]
        : definition.Topics.Select(topic => FindFor(definition, topic));

    private PreferenceResult FindFor(PreferenceDefinition definition, string? topic)
    {
        evaluation.Give(Topic, topic is null ? PathValues.Empty : PathValues.Of(topic));
        foreach (var source in definition.Sources.Where(source => source.Topic is null || source.Topic == topic))
        {
            var evaluated = evaluation.Run(source.Values);
            ImmutableArray<Coded> values = [.. evaluated.Values.Items.Select(value => CodedOf(definition.Kind, value)).OfType<Coded>().DistinctBy(value => (value.System, value.Code))];
            if (!values.IsEmpty)
                return Result(definition, topic, source, values, evaluated);
        }
        return new PreferenceResult(definition, topic, [], null, null, [], []);
    }

    private PreferenceResult Result(PreferenceDefinition definition, string? topic, PreferenceSource source, ImmutableArray<Coded> values, Evaluated evaluated)
    {
        ImmutableArray<Reason> reasons = [.. facts.Mentioned(source.Values).Select(Reason.Of)];
        ImmutableArray<Resource> used = [.. evaluated.Used.Concat(Reasons.Used(reasons)).Distinct()];
        return new PreferenceResult(definition, topic, values, source, DateOf(source), used, reasons);
    }

    private string? DateOf(PreferenceSource source)
    {
        var dates = source.Date is null ? PathValues.Empty : evaluation.Run(source.Date).Values;
        return dates.Items.Count == 0 ? null : ClinicalDate.TryParse(dates.Items[0].ToString())?.Day;
    }

    private Coded? CodedOf(string kind, PathValue value)
    {
        var coded = value.Element is { } element && element.Text is null ? OfElement(element) : OfText(kind, value.ToString());
        return coded is { System: { } system, Display: null } ? coded with { Display = knowledge.Display(system, coded.Code) } : coded;
    }

    private static Coded? OfElement(Element element)
    {
        var coding = element.Type.Name == "Coding" ? element : element.Child("coding");
        return coding?.TextAt("code") is null ? null : new Coded(coding.Value.TextAt("system"), coding.Value.TextAt("code")!, coding.Value.TextAt("display"));
    }

    // A bare code is one of the kind's own system; system|code says it itself.
    private static Coded? OfText(string kind, string text) => text.Split('|') switch
    {
        [var code] when code.Length > 0 => new Coded(SystemOf(kind), code, null),
        [var system, var code] when code.Length > 0 => new Coded(system, code, null),
        _ => null,
    };

    private static string SystemOf(string kind) =>
        kind.EndsWith("-language", StringComparison.Ordinal) ? "urn:ietf:bcp:47" : $"{Canonicals.Root}/CodeSystem/{kind}";
}
