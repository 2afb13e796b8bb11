using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

public sealed class A_search_parameter_of_ones_own
{
    private const string Shoe = """{"resourceType":"SearchParameter","id":"shoe","url":"http://x.example/shoe","name":"Shoe","status":"active","description":"d","code":"shoe","base":["Patient"],"type":"token","expression":"Patient.extension('http://x.example/shoe').value.as(code)"}""";

    private static string Patient(int n) => $$"""{"resourceType":"Patient","id":"p{{n}}","extension":[{"url":"http://x.example/shoe","valueCode":"size-{{n % 2}}"}]}""";

    private static string Entry(int n) => $$"""{"resource":{{Patient(n)}},"request":{"method":"PUT","url":"Patient/p{{n}}"} }""";

    private static string Bundle(int count) => $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', Enumerable.Range(0, count).Select(Entry))}}]}""";

    private static async Task<string> State(HttpClient http) =>
        (await http.Ask("GET", "SearchParameter/shoe/$status").Good()).GetProperty("parameter")[0].GetProperty("valueCode").GetString()!;

    private static bool Names(JsonElement statement, string code) => statement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray()
        .Single(r => r.GetProperty("type").GetString() == "Patient").GetProperty("searchParam").EnumerateArray().Any(p => p.GetProperty("name").GetString() == code);

    private static async Task Active(HttpClient http)
    {
        for (var left = 1_000; await State(http) != "active"; left--)
        {
            Assert.True(left > 0, "It does not become active.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Is_searched_as_soon_as_it_is_indexed_and_refused_with_its_state_before()
    {
        await using var server = await RunningServer.Start();
        await server.Http.Ask("POST", "", Bundle(1_500)).Good();
        await server.Http.Ask("PUT", "SearchParameter/shoe", Shoe).Good(HttpStatusCode.Created);
        while (true)
        {
            using var answer = await server.Http.Ask("GET", "Patient?shoe=size-1&_summary=count", (string?)null, ("Prefer", "handling=lenient"));
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Assert.Equal(750, (await answer.Json()).GetProperty("total").GetInt32());
                break;
            }
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Matches(@"The parameter shoe of the type Patient is not searched yet: indexing \d+ of 1500\.", (await answer.Json()).GetRawText());
        }
        Assert.Equal("active", await State(server.Http));
        await server.Http.Ask("PUT", "SearchParameter/shoe", Shoe.Replace(".value.as(code)", ".value.as(", StringComparison.Ordinal)).Bad(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Stands_in_the_capabilities_while_it_can_be_searched()
    {
        await using var server = await RunningServer.Start();
        Assert.False(Names(await server.Http.Ask("GET", "metadata").Good(), "shoe"));
        await server.Http.Ask("PUT", "SearchParameter/shoe", Shoe.Replace("\"active\"", "\"draft\"", StringComparison.Ordinal)).Good(HttpStatusCode.Created);
        Assert.Equal("draft", await State(server.Http));
        Assert.False(Names(await server.Http.Ask("GET", "metadata").Good(), "shoe"));
        await server.Http.Ask("PUT", "SearchParameter/shoe", Shoe).Good();
        await Active(server.Http);
        Assert.True(Names(await server.Http.Ask("GET", "metadata").Good(), "shoe"));
        using var deleted = await server.Http.Ask("DELETE", "SearchParameter/shoe");
        Assert.False(Names(await server.Http.Ask("GET", "metadata").Good(), "shoe"));
        Assert.Equal("not-supported", (await server.Http.Ask("GET", "Patient?shoe=size-1").Bad(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Gives_way_to_the_one_of_its_code_that_was_stored_last()
    {
        await using var server = await RunningServer.Start();
        await server.Http.Ask("PUT", "SearchParameter/shoe", Shoe).Good(HttpStatusCode.Created);
        await server.Http.Ask("PUT", "SearchParameter/boot", Shoe.Replace("\"id\":\"shoe\"", "\"id\":\"boot\"", StringComparison.Ordinal).Replace("'http://x.example/shoe'", "'http://x.example/boot'", StringComparison.Ordinal)).Good(HttpStatusCode.Created);
        Assert.Equal("replaced", await State(server.Http));
        using var deleted = await server.Http.Ask("DELETE", "SearchParameter/boot");
        await Active(server.Http);
    }
}
