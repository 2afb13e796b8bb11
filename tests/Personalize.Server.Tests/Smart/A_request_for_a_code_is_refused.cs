using System.Net;

namespace Personalize.Server.Tests.Smart;

public sealed class A_request_for_a_code_is_refused(SharedHost shared) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("aud", null, "invalid_request")]
    [InlineData("aud", "https://elsewhere.example.org/fhir", "invalid_request")]
    [InlineData("state", null, "invalid_request")]
    [InlineData("state", "", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "user/*.rs system/*.rs", "invalid_scope")]
    [InlineData("scope", "user/*.sr", "invalid_scope")]
    [InlineData("scope", "user/Nonsense.rs", "invalid_scope")]
    [InlineData("scope", "user/Observation.rs?category=laboratory", "invalid_scope")]
    [InlineData("scope", "launch/encounter user/*.rs", "invalid_scope")]
    [InlineData("scope", "patient/*.rs", "invalid_scope")]
    [InlineData("scope", "fhirUser anything", "invalid_scope")]
    [InlineData("scope", "launch user/*.rs", "invalid_request")]
    [InlineData("launch", "a-launch-without-its-scope", "invalid_request")]
    public async Task When_a_part_of_it_is_missing_or_wrong(string name, string? value, string error)
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var request = client.Request("user/*.rs");
        request[name] = value;
        var answer = await client.Answer(request);
        Assert.Equal(error, answer["error"]);
        Assert.DoesNotContain("code", answer.Keys);
        Assert.Equal(request["state"] is { Length: > 0 }, answer.ContainsKey("state"));
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example.org/callback")]
    [InlineData("redirect_uri", "http://127.0.0.1/callback/more")]
    [InlineData("redirect_uri", "http://127.0.0.1/callback?more=1")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", null)]
    public async Task Without_a_redirect_when_the_client_or_its_address_is_not_known(string name, string? value)
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var request = client.Request("user/*.rs");
        request[name] = value;
        // Another fault beside it must not bring the redirect back.
        foreach (var worse in new[] { request, new(request) { ["code_challenge"] = null }, new(request) { ["response_type"] = "token" }, new(request) { ["aud"] = null } })
        {
            using var answer = await client.Authorize(worse);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Null(answer.Headers.Location);
        }
    }

    [Fact]
    public async Task When_the_client_is_not_registered_for_the_scope()
    {
        var host = shared.Host;
        var client = await new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", SmartHost.Secret).SignIn();
        foreach (var scope in new[] { "user/Observation.cruds", "user/*.rs", "user/Patient.rs", "offline_access user/Observation.rs" })
            Assert.Equal("invalid_scope", (await client.Answer(client.Request(scope)))["error"]);
    }

    [Fact]
    public async Task When_its_launch_is_forged_used_up_too_old_or_of_another_session()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var other = await new SmartClient(host).SignIn("dr-lena-fischer");
        Assert.Equal("invalid_request", await Error(client, "forged"));
        Assert.Equal("invalid_request", await Error(client, await host.NewLaunch(other.Cookie, "anna")));

        var launch = await host.NewLaunch(client.Cookie, "anna");
        await client.Code("launch patient/*.rs", launch);
        Assert.Equal("invalid_request", await Error(client, launch));

        var old = await host.NewLaunch(client.Cookie, "anna");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("invalid_request", await Error(client, old));
    }

    [Fact]
    public async Task When_nobody_is_signed_in_and_it_came_from_a_chart_or_wants_no_page()
    {
        var host = shared.Host;
        var client = new SmartClient(host);
        Assert.Equal("access_denied", await Error(client, "any"));
        var silent = client.Request("openid user/*.rs");
        silent["prompt"] = "none";
        Assert.Equal("login_required", (await client.Answer(silent))["error"]);
        await client.SignIn();
        silent["scope"] = "launch/patient patient/*.rs";
        Assert.Equal("interaction_required", (await client.Answer(silent))["error"]);
    }

    [Fact]
    public async Task When_the_clinician_signed_out_meanwhile()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var launch = await host.NewLaunch(client.Cookie, "anna");
        await host.SignOut(client.Cookie);
        Assert.Equal("access_denied", await Error(client, launch));
    }

    [Fact]
    public async Task But_not_for_a_slash_behind_the_address_of_the_server()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var request = client.Request("user/*.rs");
        request["aud"] = host.Fhir + "/";
        Assert.Contains("code", (await client.Answer(request)).Keys);
    }

    private static async Task<string> Error(SmartClient client, string launch) =>
        (await client.Answer(client.Request("launch patient/*.rs", launch)))["error"];
}
