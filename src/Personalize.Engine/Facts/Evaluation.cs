using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Terminology;

namespace Personalize.Engine.Facts;

/// <summary>What an expression gave.</summary>
/// <param name="Values">Its values; empty when it failed.</param>
/// <param name="Used">The resources that flowed through <c>trace('used')</c>, then those of the elements in the result; each once.</param>
/// <param name="Fault">Why it failed, without content; null when it did not.</param>
public sealed record Evaluated(PathValues Values, ImmutableArray<Resource> Used, string? Fault);

/// <summary>Evaluates expressions over one record. Lets later expressions see what earlier ones gave.</summary>
/// <param name="record">The record.</param>
/// <param name="valueSets">What <c>memberOf</c> asks.</param>
/// <param name="now">What <c>now()</c> answers; its offset is the practice's.</param>
public sealed class Evaluation(PatientRecord record, ValueSets valueSets, DateTimeOffset now)
{
    private const string UsedTrace = "used";
    private readonly Dictionary<string, PathValues> _given = new() { ["patient"] = PathValues.Of(record.Patient.Root) };

    /// <summary>Lets expressions see values as <c>%name</c>.</summary>
    public void Give(string name, PathValues values) => _given[name] = values;

    /// <summary>Evaluates with the Patient as focus.</summary>
    public Evaluated Run(FhirPathExpression expression)
    {
        var used = new List<Resource>();
        var context = new FhirPathContext(now)
        {
            Constant = Constant,
            ValueSets = valueSets,
            Resolve = reference => record.Find(reference)?.Root,
            Trace = (name, values) => Note(used, name, values),
        };
        if (!expression.Evaluate(_given["patient"], context).TryGet(out var values, out var failure))
            return new Evaluated(PathValues.Empty, [], failure.Issues[0].Text);
        Take(used, values);
        return new Evaluated(values, [.. used.Distinct()], null);
    }

    private PathValues? Constant(string name) =>
        _given.TryGetValue(name, out var values) ? values
        : Mentions.IsType(name) ? record.OfType(name)
        : null;

    private void Note(List<Resource> used, string name, PathValues values)
    {
        if (name == UsedTrace)
            Take(used, values);
    }

    private void Take(List<Resource> used, PathValues values)
    {
        foreach (var value in values.Items)
            if (value.Element is { } element && record.Holding(element) is { } resource)
                used.Add(resource);
    }
}
