using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Fhir.Primitives;
using Personalize.Server.Flow;
using Personalize.Store;

namespace Personalize.Server.Tests.Flow;

/// <summary>A running server, as a client of the flow sees it.</summary>
internal sealed class FlowServer(RunningServer server) : IAsyncDisposable
{
    public const string Root = "https://personalize-fhir.org/fhir";

    public HttpClient Http => server.Http;

    public Personalizer Flow => server.Services.GetRequiredService<Personalizer>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<FlowServer> Start(TimeProvider? time = null) => new(await RunningServer.Start(time: time));

    public async Task<FactRow?> Facts(string patient) => await server.Services.GetRequiredService<IResourceStore>().Facts(ResourceId.Of(patient), Ct);

    public Task Rest() => Flow.AtRest(Ct).WaitAsync(TimeSpan.FromMinutes(3), Ct);

    /// <summary>Asks again and again until it is so; a minute without it is a failure.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await isSo())
            await Task.Delay(20, limit.Token);
    }

    public static string Ago(int days, string time = "10:00:00-05:00") => $"{DateTimeOffset.UtcNow.AddDays(-days):yyyy-MM-dd}T{time}";

    public async Task<JsonNode> Get(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), Ct);
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    public async Task<HttpStatusCode> Status(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), Ct);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string json, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/fhir+json") };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await Http.SendAsync(request, Ct);
    }

    public async Task Put(string json)
    {
        var node = JsonNode.Parse(json)!;
        using var response = await Send(HttpMethod.Put, $"{node["resourceType"]}/{node["id"]}", json);
        Assert.True(response.IsSuccessStatusCode, $"{node["resourceType"]}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Ct)}");
    }

    public async Task<string> Post(string json)
    {
        var node = JsonNode.Parse(json)!;
        using var response = await Send(HttpMethod.Post, node["resourceType"]!.GetValue<string>(), json);
        Assert.True(response.IsSuccessStatusCode, $"{node["resourceType"]}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Ct)}");
        var location = response.Headers.Location!.ToString();
        return string.Join('/', location[(location.IndexOf("/fhir/", StringComparison.Ordinal) + 6)..].Split('/').Take(2));
    }

    public async Task Transaction(string json)
    {
        using var response = await Send(HttpMethod.Post, "", json);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(Ct)}");
    }

    public async Task<string[]> Found(string query) =>
        [.. ((await Get(query))["entry"]?.AsArray() ?? []).Select(entry => $"{entry!["resource"]!["resourceType"]}/{entry["resource"]!["id"]}")];

    /// <summary>The parts of a result of $why.</summary>
    public async Task<JsonNode[]> Why(string patient, string name, string? code = null)
    {
        var all = await Get($"Patient/{patient}/$why{(code is null ? "" : $"?code={code}")}");
        return [.. (all["parameter"]?.AsArray() ?? []).Where(parameter => parameter!["name"]!.GetValue<string>() == name).Select(parameter => parameter!)];
    }

    public static string[] Segments(JsonNode patient) =>
    [
        .. (patient["extension"]?.AsArray() ?? []).Where(extension => extension!["url"]!.GetValue<string>() == $"{Root}/StructureDefinition/patient-segment")
            .Select(extension => extension!["extension"]![0]!["valueCoding"]!["code"]!.GetValue<string>()),
    ];

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>Reads the parts of a parameter.</summary>
internal static class Parts
{
    public static IEnumerable<JsonNode> All(this JsonNode parameter, string name) =>
        parameter["part"]!.AsArray().Where(part => part!["name"]!.GetValue<string>() == name).Select(part => part!);

    public static string? Text(this JsonNode parameter, string name) => parameter.All(name).FirstOrDefault() is { } part
        ? part.AsObject().Single(property => property.Key.StartsWith("value", StringComparison.Ordinal)).Value!.ToString()
        : null;

    public static string[] Used(this JsonNode parameter) => [.. parameter.All("used").Select(part => part["valueReference"]!["reference"]!.GetValue<string>()).Order(StringComparer.Ordinal)];
}
