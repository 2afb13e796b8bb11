using System.Text.Json.Nodes;

namespace Personalize.Server.Tests.Flow;

public sealed class Synthetic_records_are_worked_out(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2019-massachusetts", "hospital", "practitioner")]
    [InlineData("2024-single-child", "Bundle-Hospital", "Bundle-Practitioner")]
    public async Task With_segments_and_suggestions_that_are_all_explained(string folder, string hospitals, string practitioners)
    {
        var corpora = Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA");
        Assert.SkipWhen(corpora is null, "PERSONALIZE_CORPORA is not set.");
        await using var server = await FlowServer.Start();
        var files = Directory.GetFiles(Path.Combine(corpora, "synthea", folder), "*.json").Where(file => Path.GetFileName(file) != "index.json")
            .OrderBy(file => Rank(Path.GetFileName(file), hospitals, practitioners)).ThenBy(file => file, StringComparer.Ordinal);
        foreach (var file in files)
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

        Assert.NotEmpty(FlowServer.Segments(patient));
        Assert.Equal(FlowServer.Segments(patient).Order(), segments.Where(told => told.Text("holds") == "true").Select(told => told.Text("code")).Order());
        Assert.All(segments.Concat(suggestions), told => Assert.True(told.All("reason").Any() && told.Text("rule") is not null && told.Text("version") is not null));
        Assert.All(segments.Where(told => told.Text("holds") == "unknown"), told => Assert.NotEmpty(told.All("missing")));
        Assert.All(suggestions, told => Assert.NotEmpty(told.All("citation")));
        var tasks = await server.Found($"Task?patient=Patient/{id}&_count=100");
        Assert.Equal(tasks.Order(StringComparer.Ordinal), suggestions.SelectMany(told => told.All("task")).Select(task => task["valueReference"]!["reference"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(patient["deceasedDateTime"] is null, tasks.Length > 0);
        Assert.Equal(tasks.Length, suggestions.Length);
    }

    private static int Rank(string file, string hospitals, string practitioners) =>
        file.StartsWith(hospitals, StringComparison.Ordinal) ? 0 : file.StartsWith(practitioners, StringComparison.Ordinal) ? 1 : 2;
}
