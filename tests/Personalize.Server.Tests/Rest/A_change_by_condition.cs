using System.Net;

namespace Personalize.Server.Tests.Rest;

public sealed class A_change_by_condition(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly HttpClient _http = open.Http;

    private static string Person(string identifier, string? id = null, string more = "") =>
        $$"""{"resourceType":"Person",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"identifier":[{"system":"urn:c","value":"{{identifier}}"}]{{more}}}""";

    private async Task Put(string id, string identifier) => (await _http.Ask("PUT", $"Person/{id}", Person(identifier, id))).EnsureSuccessStatusCode();

    private async Task<int> Count(string identifier) => (await _http.Ask("GET", $"Person?identifier=urn:c|{identifier}&_summary=count").Good()).GetProperty("total").GetInt32();

    [Fact]
    public async Task Creates_what_is_not_found_and_updates_what_is()
    {
        using var first = await _http.Ask("PUT", "Person?identifier=urn:c|new", Person("new"));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var id = (await first.Json()).GetProperty("id").GetString()!;
        Assert.Equal($"{_http.BaseAddress}Person/{id}/_history/1", first.Headers.Location?.ToString());
        using var second = await _http.Ask("PUT", "Person?identifier=urn:c|new", Person("new", null, ""","gender":"female" """));
        Assert.Equal((HttpStatusCode.OK, "W/\"2\""), (second.StatusCode, second.Headers.ETag?.ToString()));
        Assert.Equal(id, (await second.Json()).GetProperty("id").GetString());
        using var third = await _http.Ask("PUT", "Person?identifier=urn:c|new", Person("new", id, ""","gender":"male" """), ("If-Match", "W/\"2\""));
        Assert.Equal("W/\"3\"", third.Headers.ETag?.ToString());
    }

    [Fact]
    public async Task Creates_under_the_id_in_the_body_when_that_is_free()
    {
        Assert.Equal("mine", (await _http.Ask("PUT", "Person?identifier=urn:c|mine", Person("mine", "mine")).Good(HttpStatusCode.Created)).GetProperty("id").GetString());
        Assert.Equal("conflict", (await _http.Ask("PUT", "Person?identifier=urn:c|other", Person("other", "mine")).Bad(HttpStatusCode.Conflict)).GetProperty("code").GetString());
        await _http.Ask("PUT", "Person?identifier=urn:c|mine", Person("mine", "yours")).Bad(HttpStatusCode.BadRequest);
        await _http.Ask("PUT", "Person?identifier=urn:c|absent", Person("absent"), ("If-Match", "W/\"1\"")).Bad(HttpStatusCode.PreconditionFailed);
        Assert.Equal(0, await Count("absent"));
    }

    [Fact]
    public async Task Is_refused_when_several_are_found()
    {
        await Put("several1", "several");
        await Put("several2", "several");
        await _http.Ask("PUT", "Person?identifier=urn:c|several", Person("several")).Bad(HttpStatusCode.PreconditionFailed);
        await _http.Ask("DELETE", "Person?identifier=urn:c|several").Bad(HttpStatusCode.PreconditionFailed);
        Assert.Equal(2, await Count("several"));
    }

    [Fact]
    public async Task Deletes_the_one_that_is_found_and_several_when_told_how_many()
    {
        foreach (var n in Enumerable.Range(1, 3))
            await Put($"doomed{n}", "doomed");
        await Put("single", "single");
        using var one = await _http.Ask("DELETE", "Person?identifier=urn:c|single");
        Assert.Equal((HttpStatusCode.NoContent, "W/\"2\""), (one.StatusCode, one.Headers.ETag?.ToString()));
        await _http.Ask("GET", "Person/single").Bad(HttpStatusCode.Gone);
        await _http.Ask("DELETE", "Person?identifier=urn:c|doomed&_count=2").Bad(HttpStatusCode.PreconditionFailed);
        Assert.Equal(3, await Count("doomed"));
        var told = await _http.Ask("DELETE", "Person?identifier=urn:c|doomed&_count=3", (byte[]?)null, ("Prefer", "return=OperationOutcome")).Good();
        Assert.Equal("3 resources were deleted.", told.GetProperty("issue")[0].GetProperty("details").GetProperty("text").GetString());
        Assert.Equal(0, await Count("doomed"));
        Assert.Equal(HttpStatusCode.NoContent, (await _http.Ask("DELETE", "Person?identifier=urn:c|doomed")).StatusCode);
    }

    [Theory]
    [InlineData("DELETE", "Person", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "Person?_count=5", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "Person?_format=json", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "Person?nonsense=x", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "Person?_sort=name", HttpStatusCode.BadRequest)]
    public async Task Never_means_all_of_a_type(string method, string path, HttpStatusCode status) =>
        await _http.Ask(method, path, method == "PUT" ? Person("x") : null).Bad(status);

    [Fact]
    public async Task Of_one_identifier_by_200_at_once_makes_one_resource()
    {
        var sent = Enumerable.Range(0, 200).Select(async n =>
        {
            using var response = n % 2 == 0
                ? await _http.Ask("POST", "Person", Person("race"), ("If-None-Exist", "identifier=urn:c|race"))
                : await _http.Ask("PUT", "Person?identifier=urn:c|race", Person("race"));
            return response.StatusCode;
        });
        var statuses = await Task.WhenAll(sent);
        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(199, statuses.Count(s => s == HttpStatusCode.OK));
        Assert.Equal(1, await Count("race"));
    }

    [Fact]
    public async Task Loses_no_update_of_16_writers_who_name_their_version()
    {
        await _http.Ask("PUT", "Basic/counter", """{"resourceType":"Basic","id":"counter","code":{"text":"0"}}""").Good(HttpStatusCode.Created);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CountUp(5)));
        var counter = await _http.Ask("GET", "Basic/counter").Good();
        Assert.Equal(("80", "81"), (counter.GetProperty("code").GetProperty("text").GetString(), counter.GetProperty("meta").GetProperty("versionId").GetString()));
    }

    private async Task CountUp(int times)
    {
        for (var done = 0; done < times;)
        {
            using var read = await _http.Ask("GET", "Basic/counter");
            var next = int.Parse((await read.Json()).GetProperty("code").GetProperty("text").GetString()!, System.Globalization.CultureInfo.InvariantCulture) + 1;
            using var written = await _http.Ask("PUT", "Basic/counter", $$"""{"resourceType":"Basic","id":"counter","code":{"text":"{{next}}"} }""", ("If-Match", read.Headers.ETag!.ToString()));
            Assert.True(written.StatusCode is HttpStatusCode.OK or HttpStatusCode.PreconditionFailed, $"{written.StatusCode}");
            done += written.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }
    }
}
