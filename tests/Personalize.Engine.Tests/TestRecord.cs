using System.Text;
using System.Text.Json.Nodes;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;
using Personalize.Engine.Writing;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Validation;

namespace Personalize.Engine.Tests;

/// <summary>A record that keeps what the engine proposes, as a store would.</summary>
internal sealed class TestRecord
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.FromHours(-5));
    private readonly Dictionary<string, Resource> _resources = [];
    private readonly Dictionary<string, DateOnly> _memberships = [];

    public TestRecord(string patient = """{"resourceType":"Patient","id":"p","birthDate":"1970-05-05"}""") => Keep(patient);

    public TestRecord Keep(string json) => Keep(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value);

    private TestRecord Keep(Resource resource)
    {
        _resources[$"{resource.Type}/{resource.Id}"] = resource;
        return this;
    }

    public TestRecord Forget(string reference)
    {
        _resources.Remove(reference);
        return this;
    }

    public TestRecord A1c(string id, decimal value, string day) => Keep($$"""
        {"resourceType":"Observation","id":"{{id}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}]},
         "subject":{"reference":"Patient/p"},"effectiveDateTime":"{{day}}","valueQuantity":{"value":{{value.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"unit":"%"} }
        """);

    public PatientRecord Record => new(_resources["Patient/p"], _resources.Values.Where(resource => resource.Type != "Patient"));

    public Resource this[string reference] => _resources[reference];

    public Resource OnlyTask => Assert.Single(_resources.Values, resource => resource.Type == "Task");

    public IEnumerable<Resource> Tasks => _resources.Values.Where(resource => resource.Type == "Task");

    /// <summary>Decides without storing.</summary>
    public Decision Look(Knowledge knowledge, DateTimeOffset? now = null) =>
        Decide.For(Record, knowledge, now ?? Now, [.. _memberships.Select(item => new CurrentMembership(item.Key, item.Value))]);

    /// <summary>Decides and stores, as the flow does; every proposal must be valid FHIR.</summary>
    public Decision Work(Knowledge knowledge, DateTimeOffset? now = null)
    {
        var decision = Look(knowledge, now);
        foreach (var proposal in decision.Proposals)
            Keep(Valid(proposal));
        foreach (var move in decision.Moves)
            if (move.Until is null)
                _memberships.Add(move.Segment, move.From);
            else
                _memberships.Remove(move.Segment);
        return decision;
    }

    /// <summary>Changes the only Task as a person would.</summary>
    public void Answer(Action<JsonObject> change)
    {
        var task = TestContent.Node(OnlyTask.Bytes).AsObject();
        change(task);
        Keep(TestContent.Parse(task));
    }

    public string StatusOfOnlyTask => TestContent.Node(OnlyTask.Bytes)["status"]!.GetValue<string>();

    private static Resource Valid(Proposal proposal)
    {
        var parsed = Resource.Parse(proposal.Json);
        Assert.True(parsed.Failure is null, $"{proposal.Key}: {parsed.Failure?.Issues[0].Text}");
        var resource = parsed.Value;
        Assert.Empty(Validator.Validate(resource).Where(issue => issue.IsError).Select(issue => $"{proposal.Key}: {issue.Expression} {issue.Text}"));
        return resource;
    }
}
