using System.Net;
using System.Text.Json;

namespace Personalize.Server.Tests.Smart;

public sealed class A_grant_goes_on_and_ends(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_refresh_token_is_good_once_and_keeps_the_patient()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var first = await client.Token("launch offline_access patient/*.rs", await host.NewLaunch(client.Cookie, "anna"));
        var second = await Refreshed(client, first);
        Assert.Equal("anna", second.GetProperty("patient").GetString());
        Assert.Equal("launch offline_access patient/*.rs", second.GetProperty("scope").GetString());
        Assert.InRange(second.GetProperty("expires_in").GetInt32(), 3590, 3600);
        Assert.NotEqual(Text(first, "refresh_token"), Text(second, "refresh_token"));
    }

    [Fact]
    public async Task All_of_it_ends_when_a_used_refresh_token_comes_back()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var first = await client.Token("offline_access user/*.rs");
        var second = await Refreshed(client, first);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Refresh(Text(first, "refresh_token"))));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Refresh(Text(second, "refresh_token"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Reads(client, second));
    }

    [Fact]
    public async Task A_refresh_may_ask_for_less_but_not_for_more()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var first = await client.Token("offline_access user/Patient.rs user/Observation.rs");
        using var less = await client.Refresh(Text(first, "refresh_token"), "user/Patient.rs");
        var body = await SmartClient.Json(less);
        Assert.Equal("user/Patient.rs", Text(body, "scope"));
        Assert.Equal(HttpStatusCode.OK, await client.Reads("Patient", Text(body, "access_token")));
        Assert.Equal(HttpStatusCode.Forbidden, await client.Reads("Observation", Text(body, "access_token")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), await SmartClient.Refusal(client.Refresh(Text(body, "refresh_token"), "user/*.cruds")));
    }

    [Fact]
    public async Task A_public_client_need_not_say_who_it_is_but_one_with_a_secret_must()
    {
        var host = shared.Host;
        var page = await new SmartClient(host).SignIn();
        var token = Text(await page.Token("offline_access user/*.rs"), "refresh_token");
        using var anonymous = await page.Post("/auth/token", [new("grant_type", "refresh_token"), new("refresh_token", token)], authenticate: false);
        Assert.Equal(HttpStatusCode.OK, anonymous.StatusCode);

        var app = await new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", SmartHost.Secret).SignIn();
        var kept = Text(await app.Token("online_access user/Observation.rs"), "refresh_token");
        using var thief = await app.Post("/auth/token", [new("grant_type", "refresh_token"), new("refresh_token", kept)], authenticate: false);
        Assert.Equal(HttpStatusCode.Unauthorized, thief.StatusCode);
    }

    [Fact]
    public async Task Online_access_ends_with_the_session()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var first = await client.Token("online_access user/*.rs");
        Assert.Equal("online_access user/*.rs", Text(first, "scope"));
        var second = await Refreshed(client, first);
        await host.SignOut(client.Cookie);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Refresh(Text(second, "refresh_token"))));
    }

    [Fact]
    public async Task Offline_access_does_not()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var first = await client.Token("offline_access user/*.rs");
        await host.SignOut(client.Cookie);
        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("offline_access user/*.rs", Text(await Refreshed(client, first), "scope"));
    }

    [Fact]
    public async Task An_access_token_ends_within_the_hour()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var token = await client.Token("user/*.rs");
        Assert.Equal(HttpStatusCode.OK, await Reads(client, token));
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Unauthorized, await Reads(client, token));
    }

    [Fact]
    public async Task Whoever_holds_a_token_may_ask_what_it_is_good_for()
    {
        var host = shared.Host;
        var client = await new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", SmartHost.Secret).SignIn();
        var token = await client.Token("launch openid fhirUser patient/*.rs", await host.NewLaunch(client.Cookie, "anna"));
        using var known = await client.Introspect(Text(token, "access_token"));
        var said = await SmartClient.Json(known);
        Assert.True(said.GetProperty("active").GetBoolean());
        Assert.Equal("launch openid fhirUser patient/*.rs", Text(said, "scope"));
        Assert.Equal(SmartHost.ClinicApp, Text(said, "client_id"));
        Assert.Equal("anna", Text(said, "patient"));
        Assert.Equal("dr-amara-okafor", Text(said, "sub"));
        Assert.Equal(host.Address.AbsoluteUri, Text(said, "iss"));
        Assert.Equal($"{host.Fhir}/Practitioner/dr-amara-okafor", Text(said, "fhirUser"));
        Assert.Equal(JsonValueKind.Number, said.GetProperty("exp").ValueKind);
        using var unknown = await client.Introspect("nonsense");
        Assert.Equal("""{"active":false}""", (await SmartClient.Json(unknown)).GetRawText().Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));
    }

    [Fact]
    public async Task A_token_that_is_given_back_is_good_no_more()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var token = await client.Token("user/*.rs");
        using var given = await client.Revoke(Text(token, "access_token"));
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Reads(client, token));
        using var unknown = await client.Revoke("nonsense");
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_that_is_given_back_takes_its_access_token_with_it()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var token = await client.Token("offline_access user/*.rs");
        using var given = await client.Revoke(Text(token, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Reads(client, token));
    }

    private static async Task<JsonElement> Refreshed(SmartClient client, JsonElement token)
    {
        using var answer = await client.Refresh(Text(token, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await SmartClient.Json(answer);
    }

    private static Task<HttpStatusCode> Reads(SmartClient client, JsonElement token) => client.Reads("Patient", Text(token, "access_token"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
