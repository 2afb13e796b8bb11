using System.Text.Json.Nodes;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Primitives;
using static Personalize.Engine.Tests.TestContent;

namespace Personalize.Engine.Tests;

public sealed class A_patient_is_offered
{
    private static readonly Knowledge _knowledge = Knowing(
        Fact("a1c", "decimal", "%Observation.where(code.coding.code = '4548-4').first().trace('used').value.ofType(Quantity).value", "%"),
        Segment("above-goal", "%a1c > 9"), Rule("dm-2", "%`segment-above-goal`"));

    private static DateTimeOffset Later(int days) => TestRecord.Now.AddDays(days);

    private static TestRecord Above() => new TestRecord().A1c("o1", 9.1m, "2026-09-02");

    [Fact]
    public void The_most_useful_first()
    {
        var knowledge = Knowing(Rule("r-low", "true", 0.2m), Rule("r-high", "true", 0.9m), Rule("r-mid", "true", 0.5m));

        Assert.Equal(["r-high", "r-mid", "r-low"], new TestRecord().Look(knowledge).Suggestions.Where(suggestion => suggestion.IsOffered).Select(suggestion => suggestion.Rule.Code));
        Assert.Equal(0.72m, knowledge.Rules[0].Rank);
    }

    [Fact]
    public void A_task_with_its_request_and_where_it_comes_from()
    {
        var record = Above();
        record.Work(_knowledge);
        var id = OfferIds.Of(ResourceId.Of("p"), "dm-2", "2026");
        var task = Node(record[$"Task/{id}"].Bytes);

        Assert.Equal("requested", task["status"]!.GetValue<string>());
        Assert.Equal($"{Root}/PlanDefinition/dm-2|3.0.0", task["instantiatesCanonical"]!.GetValue<string>());
        Assert.Equal($"RequestGroup/{id}", task["focus"]!["reference"]!.GetValue<string>());
        Assert.Equal("0.40", task["extension"]![0]!["valueDecimal"]!.ToJsonString());
        Assert.Equal("Hemoglobin A1c 9.1 % on 2026-09-02", task["input"]![0]!["valueReference"]!["display"]!.GetValue<string>());
        Assert.Equal("2026-11-23T09:00:00-05:00", task["authoredOn"]!.GetValue<string>());
        Assert.Equal($"ServiceRequest/{id}", Node(record[$"RequestGroup/{id}"].Bytes)["action"]![0]!["resource"]!["reference"]!.GetValue<string>());
        Assert.Equal("proposal", Node(record[$"ServiceRequest/{id}"].Bytes)["intent"]!.GetValue<string>());
        Assert.Equal("Observation/o1", Node(record[$"Provenance/{id}"].Bytes)["entity"]![0]!["what"]!["reference"]!.GetValue<string>());
    }

    [Fact]
    public void A_draft_message_where_the_rule_is_to_talk()
    {
        var record = new TestRecord();
        record.Work(Knowing(Rule("ret-1", "true", kind: "CommunicationRequest")));
        var message = Node(record[$"CommunicationRequest/{record.OnlyTask.Id}"].Bytes);

        Assert.Equal("Talk about ret-1.", message["payload"]![0]!["contentString"]!.GetValue<string>());
        Assert.Equal($"RequestGroup/{record.OnlyTask.Id}", message["basedOn"]![0]!["reference"]!.GetValue<string>());
    }

    [Fact]
    public void Nothing_more_once_it_is_at_rest()
    {
        var record = Above();
        Assert.NotEmpty(record.Work(_knowledge).Proposals);
        var again = record.Work(_knowledge, Later(3));

        Assert.Empty(again.Proposals);
        Assert.Empty(again.Moves);
    }

    [Fact]
    public void Nothing_while_conditions_cannot_be_told()
    {
        var decision = new TestRecord().Look(_knowledge);

        Assert.Null(decision.Suggestions[0].Holds);
        Assert.False(decision.Suggestions[0].IsOffered);
        Assert.Equal(["The a1c"], decision.Suggestions[0].Missing);
    }

    [Theory]
    [InlineData(""","active":false""")]
    [InlineData(""","deceasedBoolean":true""")]
    [InlineData(""","deceasedDateTime":"2026-11-01" """)]
    public void Nothing_when_the_person_died_or_left(string element)
    {
        var record = Above();
        record.Work(_knowledge);
        record.Keep($$"""{"resourceType":"Patient","id":"p","birthDate":"1970-05-05"{{element}}}""");
        var decision = record.Work(_knowledge);

        Assert.Equal("cancelled", record.StatusOfOnlyTask);
        Assert.All(decision.Segments, segment => Assert.False(segment.Holds));
        Assert.Equal("above-goal", Assert.Single(decision.Moves).Segment);
    }

    [Fact]
    public void Nothing_by_a_rule_that_expired()
    {
        var record = new TestRecord();
        var knowledge = Knowing(Rule("old-1", "true", end: "2026-11-30"));
        record.Work(knowledge);
        Assert.Equal("requested", record.StatusOfOnlyTask);

        Assert.Empty(record.Work(knowledge, Later(8)).Suggestions);
        Assert.Equal("cancelled", record.StatusOfOnlyTask);
    }

    [Fact]
    public void It_no_longer_when_the_conditions_fell_and_again_when_they_are_back()
    {
        var record = Above();
        record.Work(_knowledge);
        record.A1c("o2", 7m, "2026-11-22").Work(_knowledge);
        Assert.Equal("cancelled", record.StatusOfOnlyTask);
        Assert.Equal("revoked", Node(record[$"ServiceRequest/{record.OnlyTask.Id}"].Bytes)["status"]!.GetValue<string>());

        record.A1c("o3", 10m, "2026-11-23").Work(_knowledge);
        Assert.Equal("requested", record.StatusOfOnlyTask);
        Assert.Null(Node(record.OnlyTask.Bytes)["statusReason"]);
        Assert.Equal("draft", Node(record[$"ServiceRequest/{record.OnlyTask.Id}"].Bytes)["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("not-now", 29, false)]
    [InlineData("not-now", 30, true)]
    [InlineData("other", 89, false)]
    [InlineData("other", 90, true)]
    [InlineData("data-wrong", 90, true)]
    [InlineData("patient-declined", 364, false)]
    [InlineData("patient-declined", 365, true)]
    [InlineData("already-done", 364, false)]
    [InlineData("not-appropriate", 3650, false)]
    public void It_again_only_after_the_rest_that_the_dismissal_asks_for(string reason, int days, bool offered)
    {
        var knowledge = Knowing(Rule("r-1", "true", end: "2099-12-31"));
        var record = new TestRecord();
        record.Work(knowledge);
        record.Answer(task => Dismiss(task, reason));
        record.Work(knowledge, Later(days));

        Assert.Equal(offered ? ["rejected", "requested"] : ["rejected"], record.Tasks.Select(task => Node(task.Bytes)["status"]!.GetValue<string>()).Order());
    }

    private static void Dismiss(JsonObject task, string reason)
    {
        task["status"] = "rejected";
        task["lastModified"] = "2026-11-23T10:00:00-05:00";
        task["statusReason"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"{Root}/CodeSystem/dismissal-reason", ["code"] = reason }) };
    }

    [Fact]
    public void Not_the_draft_of_what_was_dismissed()
    {
        var record = Above();
        record.Work(_knowledge);
        record.Answer(task => Dismiss(task, "not-now"));
        record.Work(_knowledge);

        Assert.Equal("rejected", record.StatusOfOnlyTask);
        Assert.Equal("revoked", Node(record[$"ServiceRequest/{record.OnlyTask.Id}"].Bytes)["status"]!.GetValue<string>());
        Assert.Empty(record.Work(_knowledge).Proposals);
    }

    [Fact]
    public void A_deferred_one_when_its_day_has_come()
    {
        var record = Above();
        record.Work(_knowledge);
        record.Answer(task => Defer(task, "2026-12-10"));
        record.Work(_knowledge, Later(16));
        Assert.Equal("on-hold", record.StatusOfOnlyTask);

        record.Work(_knowledge, Later(17));
        Assert.Equal("requested", record.StatusOfOnlyTask);
        Assert.Null(Node(record.OnlyTask.Bytes)["restriction"]);
    }

    private static void Defer(JsonObject task, string day)
    {
        task["status"] = "on-hold";
        task["restriction"] = new JsonObject { ["period"] = new JsonObject { ["start"] = day } };
    }

    [Fact]
    public void A_deferred_one_no_more_when_its_reason_is_gone_on_that_day()
    {
        var record = Above();
        record.Work(_knowledge);
        record.Answer(task => Defer(task, "2026-12-10"));
        record.A1c("o2", 7m, "2026-11-24").Work(_knowledge, Later(5));
        Assert.Equal("on-hold", record.StatusOfOnlyTask);

        record.Work(_knowledge, Later(20));
        Assert.Equal("cancelled", record.StatusOfOnlyTask);
    }

    [Fact]
    public void The_same_one_still_when_the_year_turns()
    {
        var record = Above();
        record.Work(_knowledge);
        record.Work(_knowledge, Later(60));

        Assert.Equal("requested", record.StatusOfOnlyTask);
    }

    [Fact]
    public void Another_one_in_the_next_period_after_the_last_was_accepted()
    {
        var knowledge = Knowing(Rule("r-1", "true", period: "month"));
        var record = new TestRecord();
        record.Work(knowledge);
        record.Answer(task => task["status"] = "accepted");
        record.Work(knowledge, Later(20));
        Assert.Single(record.Tasks);

        record.Work(knowledge, Later(31));
        Assert.Equal(OfferIds.Of(ResourceId.Of("p"), "r-1", "2026-12"), record.Tasks.Single(task => task.Root.Child("status")!.Value.Text == "requested").Id);
    }

    [Fact]
    public void Not_what_was_done_elsewhere_within_a_year_of_that_day()
    {
        var knowledge = Knowing(Rule("r-1", "true", period: "month"));
        var record = new TestRecord();
        record.Work(knowledge);
        record.Answer(task => { task["status"] = "completed"; task["executionPeriod"] = new JsonObject { ["end"] = "2026-03-01" }; });
        record.Work(knowledge, Later(60));
        Assert.Single(record.Tasks);

        record.Work(knowledge, Later(120));
        Assert.Equal(2, record.Tasks.Count());
    }

    [Fact]
    public void What_people_wrote_on_the_task_stays()
    {
        var record = Above();
        record.Work(_knowledge);
        record.Answer(task => task["note"] = new JsonArray(new JsonObject { ["text"] = "Asked the daughter." }));
        record.A1c("o2", 9.6m, "2026-11-22").Work(_knowledge, Later(1));
        var task = Node(record.OnlyTask.Bytes);

        Assert.Equal("Asked the daughter.", task["note"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("Observation/o2", task["input"]![0]!["valueReference"]!["reference"]!.GetValue<string>());
        Assert.Equal(("2026-11-23T09:00:00-05:00", "2026-11-24T09:00:00-05:00"), (task["authoredOn"]!.GetValue<string>(), task["lastModified"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(OfferPeriod.Once, "once")]
    [InlineData(OfferPeriod.Year, "2026")]
    [InlineData(OfferPeriod.HalfYear, "2026-H2")]
    [InlineData(OfferPeriod.Month, "2026-11")]
    public void Once_in_each_period(OfferPeriod period, string name) =>
        Assert.Equal(name, Suggestions.Period.Of(period, new DateOnly(2026, 11, 23)));

    [Fact]
    public void It_all_when_all_conditions_hold_and_none_is_unknown()
    {
        var knowledge = Knowing(Fact("a1c", "decimal", "%Observation.first().value.ofType(Quantity).value"), Rule("r-1", "true", more: ["%a1c > 9"]));

        Assert.Null(new TestRecord().Look(knowledge).Suggestions[0].Holds);
        Assert.True(Above().Look(knowledge).Suggestions[0].Holds);
        Assert.Equal([true, true], Above().Look(knowledge).Suggestions[0].Conditions.Select(condition => condition.Holds));
    }
}
