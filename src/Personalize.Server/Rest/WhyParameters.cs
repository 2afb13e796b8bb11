using System.Globalization;
using Hl7.Fhir.Model;
using Personalize.Engine.Content;
using Personalize.Engine.Facts;
using Personalize.Engine.Preferences;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;
using Personalize.Engine.Suggestions;
using FhirParameters = Hl7.Fhir.Model.Parameters;
using ParameterPart = Hl7.Fhir.Model.Parameters.ParameterComponent;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Server.Rest;

/// <summary>Writes a decision as the Parameters that <c>$why</c> answers: a part for each result, with its reasons, what it used and what is missing.</summary>
/// <param name="code">Only results of that code; null for all.</param>
/// <param name="mayTasks">False leaves out references to Tasks.</param>
internal sealed class WhyParameters(string? code, bool mayTasks)
{
    private readonly FhirParameters _all = new();

    /// <summary>What was written so far.</summary>
    public FhirParameters All => _all;

    /// <summary>A segment: told whether it holds or not.</summary>
    public void Add(SegmentResult segment)
    {
        var definition = segment.Definition;
        if (Part("segment", definition.Code, definition.Title, segment.Holds, $"{definition.Url}|{definition.Version}", definition.Version) is not { } part)
            return;
        Day(part, "since", segment.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Text(part, "text", definition.Purpose);
        Reasons(part, segment.Reasons);
        Ends(part, segment.Used, segment.Missing);
    }

    /// <summary>A preference: values in rank order.</summary>
    public void Add(PreferenceResult preference)
    {
        var definition = preference.Definition;
        if (Part("preference", preference.Code, definition.Title, preference.IsKnown ? true : null, $"{definition.Url}|{definition.Version}", definition.Version, definition.Kind) is not { } part)
            return;
        foreach (var value in preference.Values)
            Add(part, "value", new Coding(value.System, value.Code, value.Display));
        if (preference.Source is { } source)
            Add(part, "source", new Code(source.Source));
        Day(part, "date", preference.Date);
        Text(part, "text", preference.Source?.Text);
        Reasons(part, preference.Reasons);
        Ends(part, preference.Used, Engine.Facts.Reasons.Missing(preference.Reasons));
    }

    /// <summary>A suggestion: told when it is offered or was before; so nothing new for a person who died or left.</summary>
    public void Add(SuggestionResult suggestion)
    {
        var rule = suggestion.Rule;
        if (suggestion.Course.Standing is null)
            return;
        if (Part("suggestion", rule.Code, rule.Title, suggestion.Holds, rule.Canonical, rule.Version) is not { } part)
            return;
        if (suggestion.Course.Standing is { } task && mayTasks)
            Add(part, "task", new ResourceReference($"Task/{task}"));
        if (suggestion.Status is { } status)
            Add(part, "status", new Code(status));
        Text(part, "text", Words(suggestion));
        Citations(part, rule);
        Reasons(part, suggestion.Conditions.Concat(suggestion.Facts));
        Ends(part, suggestion.Used, suggestion.Missing);
    }

    private static string Words(SuggestionResult suggestion)
    {
        var holding = suggestion.Conditions.Where(condition => condition.Holds == true).Select(condition => condition.Title.TrimEnd('.'));
        return string.Join(' ', new[] { $"{string.Join("; ", holding)}.", suggestion.Rule.Purpose }.Where(text => text is { Length: > 1 }));
    }

    private static void Citations(ParameterPart part, SuggestionRule rule)
    {
        foreach (var citation in rule.Citations)
        {
            Text(part, "citation", citation.Text);
            if (citation.Url is { } url)
                Add(part, "citation-url", new FhirUri(url));
            Text(part, "grade", citation.Grade);
        }
    }

    private ParameterPart? Part(string name, string own, string title, bool? holds, string rule, string version, string? alsoKnownAs = null)
    {
        if (code is not null && code != own && code != alsoKnownAs)
            return null;
        var part = new ParameterPart { Name = name };
        _all.Parameter.Add(part);
        Add(part, "code", new Code(own));
        Text(part, "title", title);
        Add(part, "holds", Truth(holds));
        Add(part, "rule", new Canonical(rule));
        Text(part, "version", version);
        return part;
    }

    private static void Reasons(ParameterPart part, IEnumerable<Reason> reasons)
    {
        foreach (var reason in reasons)
        {
            var told = new ParameterPart { Name = "reason" };
            part.Part.Add(told);
            if (reason.Fact is { } fact)
                Add(told, "fact", new Code(fact));
            Text(told, "title", reason.Title);
            Text(told, "value", reason.Value);
            Day(told, "date", reason.Date);
            // A fact that is no question has no truth; that it is not known is still worth telling.
            if (reason.Holds is not null || !reason.IsKnown)
                Add(told, "holds", Truth(reason.Holds));
            Used(told, reason.Used);
        }
    }

    private static void Ends(ParameterPart part, IEnumerable<Stored> used, IEnumerable<string> missing)
    {
        Used(part, used);
        foreach (var title in missing)
            Text(part, "missing", title);
    }

    private static void Used(ParameterPart part, IEnumerable<Stored> used)
    {
        foreach (var resource in used)
            Add(part, "used", new ResourceReference($"{resource.Type}/{resource.Id}", UsedText.Of(resource)));
    }

    private static Code Truth(bool? holds) => new(holds switch { true => "true", false => "false", null => "unknown" });

    private static void Text(ParameterPart part, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            Add(part, name, new FhirString(text));
    }

    private static void Day(ParameterPart part, string name, string? day)
    {
        if (day is not null)
            Add(part, name, new Date(day));
    }

    private static void Add(ParameterPart part, string name, DataType value) =>
        part.Part.Add(new ParameterPart { Name = name, Value = value });
}
