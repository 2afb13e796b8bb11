using System.Net;

namespace Personalize.Server.Tests.Rest;

public sealed class No_route_forgets_to_ask
{
    [Fact]
    public async Task Who_is_there()
    {
        await using var server = await RunningServer.Start(s => s with { Authorization = AuthorizationMode.Embedded });
        string[] paths = ["", "Patient", "Patient/x", "Patient/x/_history", "Patient/x/_history/1", "Patient/_history", "_history", "Patient/_search", "_search", "Patient/x/$why", "Group/x/$members", "$fhirpath", "Patient/$nonsense", "$nonsense", "Nonsense", "Nonsense/x", "Patient/a_b", "metadata/x", "a/b/c/d/e"];
        foreach (var path in paths)
            foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
                await Unknown(server.Http, method, path);
        await server.Http.Ask("GET", "metadata").Good();
    }

    [Fact]
    public async Task Before_it_reads_a_body()
    {
        await using var server = await RunningServer.Start(s => s with { Authorization = AuthorizationMode.Embedded, MaxBody = "1KB" });
        await server.Http.Ask("POST", "Patient", new byte[100_000]).Bad(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task And_says_in_the_capabilities_where_tokens_are_had()
    {
        await using var server = await RunningServer.Start(s => s with { Authorization = AuthorizationMode.Embedded });
        var security = (await server.Http.Ask("GET", "metadata").Good()).GetProperty("rest")[0].GetProperty("security");
        Assert.Equal("SMART-on-FHIR", security.GetProperty("service")[0].GetProperty("coding")[0].GetProperty("code").GetString());
        Assert.Contains(security.GetProperty("extension")[0].GetProperty("extension").EnumerateArray(), e => e.GetProperty("valueUri").GetString() == $"{server.Address}auth/token");
    }

    private static async Task Unknown(HttpClient http, string method, string path)
    {
        using var response = await http.Ask(method, path, method is "POST" or "PUT" or "PATCH" ? "{}" : null);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode}");
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
    }
}
