using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Personalize.Server.Tests.Flow;

public sealed class A_change_is_followed(ITestOutputHelper output)
{
    private static string Person(string id) => $$"""{"resourceType":"Patient","id":"{{id}}","active":true,"birthDate":"1970-02-03","name":[{"family":"Example"}]}""";

    private static string Diabetes(string patient) => $$"""
        {"resourceType":"Condition","id":"dm-{{patient}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
         "code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]},"subject":{"reference":"Patient/{{patient}}"},"onsetDateTime":"2015-01-01"}
        """;

    private static string A1c(string id, string patient, string value, int days) => $$"""
        {"resourceType":"Observation","id":"{{id}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}]},
         "subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"{{FlowServer.Ago(days)}}","valueQuantity":{"value":{{value}},"unit":"%","system":"http://unitsofmeasure.org","code":"%"} }
        """;

    private static string Heights(string patient, int count)
    {
        var bundle = new StringBuilder("""{"resourceType":"Bundle","type":"transaction","entry":[""");
        for (var index = 0; index < count; index++)
            bundle.Append(index == 0 ? "" : ",").Append(System.Globalization.CultureInfo.InvariantCulture, $$"""
                {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]},"subject":{"reference":"Patient/{{patient}}"},
                 "effectiveDateTime":"{{FlowServer.Ago(index + 1)}}","valueQuantity":{"value":170,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"} },"request":{"method":"POST","url":"Observation"} }
                """);
        return bundle.Append("]}").ToString();
    }

    [Fact]
    public async Task Out_of_a_segment_and_withdrawing_a_suggestion_about_a_second_later_with_a_thousand_resources_on_file()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Put(Diabetes("p"));
        await server.Transaction(Heights("p", 1000));
        await server.Put(A1c("a1c-old", "p", "9.6", 30));
        await server.Rest();

        Assert.Contains("diabetes-above-goal", FlowServer.Segments(await server.Get("Patient/p")));
        var offered = Assert.Single(await server.Why("p", "suggestion", "dm-2"));
        Assert.Equal("requested", offered.Text("status"));
        var task = offered.All("task").Single()["valueReference"]!["reference"]!.GetValue<string>();
        Assert.Contains("Observation/a1c-old", offered.Used());

        await server.Put(A1c("a1c-new", "p", "6.4", 0));
        var clock = Stopwatch.StartNew();
        await FlowServer.Until(async () => (await server.Get(task))["status"]!.GetValue<string>() == "cancelled");
        output.WriteLine($"From the answer to the commit until the Task was withdrawn: {clock.ElapsedMilliseconds} ms with 1,003 resources on file.");

        Assert.DoesNotContain("diabetes-above-goal", FlowServer.Segments(await server.Get("Patient/p")));
        Assert.Empty(await server.Found("Patient?segment=diabetes-above-goal"));
    }

    [Fact]
    public async Task And_who_read_the_Patient_before_still_updates_it_by_its_ETag_and_loses_nothing()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        using var read = await server.Http.GetAsync(new Uri("Patient/p", UriKind.Relative), TestContext.Current.CancellationToken);
        var tag = read.Headers.ETag!.ToString();
        var mine = JsonNode.Parse(await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        await server.Put(Diabetes("p"));
        await server.Put(A1c("a1c", "p", "9.6", 3));
        await server.Rest();
        Assert.NotEqual(tag, $"W/\"{(await server.Get("Patient/p"))["meta"]!["versionId"]}\"");

        mine["gender"] = "female";
        using var answer = await server.Send(HttpMethod.Put, "Patient/p", mine.ToJsonString(), tag);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await server.Rest();
        var now = await server.Get("Patient/p");

        Assert.Equal("female", now["gender"]!.GetValue<string>());
        Assert.Contains("diabetes-above-goal", FlowServer.Segments(now));
    }

    [Fact]
    public async Task Until_all_is_at_rest_and_no_further_version_is_made()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Put(Diabetes("p"));
        await server.Rest();
        var before = await server.Get("_history?_count=500");
        await server.Put("""{"resourceType":"Organization","id":"bystander","name":"Bystander"}""");
        await server.Rest();

        Assert.Equal(before["entry"]!.AsArray().Count + 1, (await server.Get("_history?_count=500"))["entry"]!.AsArray().Count);
        Assert.DoesNotContain(before["entry"]!.AsArray(), entry => entry!["resource"]!["resourceType"]!.GetValue<string>() == "Task" && entry["resource"]!["meta"]!["versionId"]!.GetValue<string>() != "1");
    }

    [Fact]
    public async Task By_a_dismissal_that_stays_and_takes_the_draft_back()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Put(Diabetes("p"));
        await server.Put(A1c("a1c", "p", "9.6", 3));
        await server.Rest();
        var reference = Assert.Single(await server.Why("p", "suggestion", "dm-2")).All("task").Single()["valueReference"]!["reference"]!.GetValue<string>();
        var task = await server.Get(reference);
        task["status"] = "rejected";
        task["statusReason"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"{FlowServer.Root}/CodeSystem/dismissal-reason", ["code"] = "patient-declined" }) };
        using var answer = await server.Send(HttpMethod.Put, reference, task.ToJsonString(), $"W/\"{task["meta"]!["versionId"]}\"");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await server.Put(A1c("a1c-2", "p", "9.9", 0));
        await server.Rest();

        var told = Assert.Single(await server.Why("p", "suggestion", "dm-2"));
        Assert.Equal(("true", "rejected"), (told.Text("holds"), told.Text("status")));
        Assert.Equal("patient-declined", (await server.Get(reference))["statusReason"]!["coding"]![0]!["code"]!.GetValue<string>());
        Assert.Equal("revoked", (await server.Get($"RequestGroup/{reference[5..]}"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task By_everybody_when_a_definition_is_edited_and_not_at_all_when_the_edit_is_bad()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Rest();
        Assert.Contains("working-age-adult", FlowServer.Segments(await server.Get("Patient/p")));
        var definition = await server.Get("Group/segment-working-age-adult");
        var expression = definition["extension"]![0]!["extension"]!.AsArray().Single(part => part!["url"]!.GetValue<string>() == "expression")!["valueExpression"]!;

        expression["expression"] = "%`age` >= (";
        await server.Put(definition.ToJsonString());
        await server.Rest();
        Assert.Contains("working-age-adult", FlowServer.Segments(await server.Get("Patient/p")));

        expression["expression"] = "%`age` >= 100";
        await server.Put(definition.ToJsonString());
        await server.Rest();
        Assert.DoesNotContain("working-age-adult", FlowServer.Segments(await server.Get("Patient/p")));
    }

    [Fact]
    public async Task Out_of_all_segments_when_the_patient_is_deleted()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Rest();
        Assert.Equal(1, (await server.Get("Group/members-working-age-adult"))["quantity"]!.GetValue<int>());
        using var deleted = await server.Http.DeleteAsync(new Uri("Patient/p", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(deleted.IsSuccessStatusCode);
        await server.Rest();

        Assert.Equal(0, (await server.Get("Group/members-working-age-adult"))["quantity"]?.GetValue<int>() ?? 0);
    }

    [Fact]
    public async Task Out_of_everything_when_the_Patient_is_deleted_and_back_when_one_of_that_id_comes_again()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person("p"));
        await server.Put(Diabetes("p"));
        await server.Put(A1c("a1c", "p", "9.6", 30));
        await server.Rest();
        var task = Assert.Single(await server.Why("p", "suggestion", "dm-2")).All("task").Single()["valueReference"]!["reference"]!.GetValue<string>();
        Assert.NotEmpty(await server.Found("Group?member=Patient/p"));
        Assert.NotNull(await server.Facts("p"));

        using var deleted = await server.Http.DeleteAsync(new Uri("Patient/p", UriKind.Relative), TestContext.Current.CancellationToken);
        await server.Rest();
        Assert.Equal("cancelled", (await server.Get(task))["status"]!.GetValue<string>());
        Assert.Equal("revoked", (await server.Get(task.Replace("Task", "RequestGroup", StringComparison.Ordinal)))["status"]!.GetValue<string>());
        Assert.Empty(await server.Found("Task?patient=Patient/p&status=requested,on-hold"));
        Assert.Empty(await server.Found("Group?member=Patient/p"));
        Assert.Equal(0, (await server.Get("Group/members-diabetes-above-goal"))["quantity"]!.GetValue<int>());
        Assert.Null(await server.Facts("p"));

        await server.Put(Person("p"));
        await server.Rest();
        Assert.Equal("requested", (await server.Get(task))["status"]!.GetValue<string>());
        Assert.Equal(1, (await server.Get("Group/members-diabetes-above-goal"))["quantity"]!.GetValue<int>());
    }
}
