using System.Text.Json.Nodes;

namespace Personalize.Server.Tests.Flow;

public sealed class Synthetic_records_are_worked_out(ITestOutputHelper output)
{
    [Fact]
    public Task With_segments_and_suggestions_that_are_all_explained() => AreExplained("2024-single-child");

    [Fact]
    [Trait("Category", "Slow")]
    public Task With_segments_and_suggestions_that_are_all_explained_for_many_people() => AreExplained("2019-massachusetts");

    private async Task AreExplained(string set)
    {
        await using var server = await FlowServer.Start();
        foreach (var file in Corpora.Synthea(set))
            await server.Transaction(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await server.Rest();

        var patients = await server.Found("Patient?_count=100");
        Assert.NotEmpty(patients);
        foreach (var patient in patients)
            await IsExplained(server, await server.Get(patient));
    }

    private async Task IsExplained(FlowServer server, JsonNode patient)
    {
        var id = patient["id"]!.GetValue<string>();
        var segments = await server.Why(id, "segment");
        var suggestions = await server.Why(id, "suggestion");
        output.WriteLine($"{id}: {string.Join(' ', FlowServer.Segments(patient))}; {string.Join(' ', suggestions.Select(told => $"{told.Text("code")}={told.Text("status")}"))}");

        Assert.Equal(patient["deceasedDateTime"] is null, FlowServer.Segments(patient).Length > 0);
        Assert.Equal(FlowServer.Segments(patient).Order(), segments.Where(told => told.Text("holds") == "true").Select(told => told.Text("code")).Order());
        Assert.All(segments.Concat(suggestions), told => Assert.True(told.All("reason").Any() && told.Text("rule") is not null && told.Text("version") is not null));
        Assert.All(segments.Where(told => told.Text("holds") == "unknown"), told => Assert.NotEmpty(told.All("missing")));
        Assert.All(suggestions, told => Assert.NotEmpty(told.All("citation")));
        var tasks = await server.Found($"Task?patient=Patient/{id}&_count=100");
        Assert.Equal(tasks.Order(StringComparer.Ordinal), suggestions.SelectMany(told => told.All("task")).Select(task => task["valueReference"]!["reference"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(patient["deceasedDateTime"] is null, tasks.Length > 0);
        Assert.Equal(tasks.Length, suggestions.Length);
    }
}
