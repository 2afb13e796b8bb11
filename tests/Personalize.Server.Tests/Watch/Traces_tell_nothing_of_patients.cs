using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Personalize.Server.Tests.Verbs;
using Personalize.Server.Watch;

namespace Personalize.Server.Tests.Watch;

public sealed class Traces_tell_nothing_of_patients : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/fhir/Patient/17/_history/2", "/fhir/Patient/*/_history/*")]
    [InlineData("/fhir/Patient/Amaro/$everything", "/fhir/Patient/*/$everything")]
    [InlineData("/fhir/Patient/Patient", "/fhir/Patient/Patient")]
    [InlineData("/fhir/$Amaro", "/fhir/*")]
    [InlineData("/app/s/secret/evidence", "/app/*/*/*")]
    [InlineData("/", "/")]
    public void The_shape_of_a_path_is_kept_alone(string path, string shape) => Assert.Equal(shape, Discretion.Shape(path));

    [Fact]
    public async Task What_is_sent_names_types_and_counts_and_neither_names_nor_ids()
    {
        var sent = new ConcurrentBag<(string Path, string Text)>();
        await using var collector = await Collector(sent);
        var port = Loopback.FreePort();
        await using (var server = ProgramRun.Start([("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")],
            ["serve", "--launch", "open", "--log", "json", "--urls", $"http://127.0.0.1:{port}", "--data", _folder.At("data")]))
        {
            await server.Said("Listening: http");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/fhir/") };
            await http.Ask("PUT", "Patient/zebrafinch-1", """{"resourceType":"Patient","id":"zebrafinch-1","name":[{"family":"Zebrafinch"}],"birthDate":"1971-02-03"}""").Good(HttpStatusCode.Created);
            await http.Ask("GET", "Patient?family=Zebrafinch&birthdate=1971-02-03").Good();
            await http.Ask("GET", "Patient/zebrafinch-1").Good();
            await http.Ask("GET", "Patient/zebrafinch-1/$nothing?name=Zebrafinch").Bad(HttpStatusCode.NotFound);
            Assert.Equal(0, await server.Stop());
            Assert.DoesNotContain("ebrafinch", server.Text, StringComparison.OrdinalIgnoreCase);
            Assert.All(server.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), line => Assert.Equal('{', line[0]));
        }
        var traces = string.Concat(sent.Where(s => s.Path == "/v1/traces").Select(s => s.Text));
        var metrics = string.Concat(sent.Where(s => s.Path == "/v1/metrics").Select(s => s.Text));
        Assert.All(["store commit", "store search", "personalize.matches", "/fhir/Patient/*"], name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(["personalize.store.commits", "personalize.store.resources.written", "personalize.store.search.duration", "personalize.feed.lag.time", "http.server.request.duration"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.DoesNotContain("ebrafinch", traces + metrics, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("1971", traces + metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("url.query", traces, StringComparison.Ordinal);
    }

    /// <summary>Takes what is sent by OTLP over HTTP; texts stand in protobuf as they are.</summary>
    private static async Task<WebApplication> Collector(ConcurrentBag<(string, string)> sent)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            sent.Add((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
