using System.Net;

namespace Personalize.Server.Tests.Smart;

public sealed class A_code_is_good(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Only_with_its_verifier()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"),
            await SmartClient.Refusal(client.Exchange(await client.Code("user/*.rs"), SmartClient.Verifier + "x")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"),
            await SmartClient.Refusal(client.Exchange(await client.Code("user/*.rs"), verifier: null)));
    }

    [Fact]
    public async Task Only_once_and_its_tokens_end_when_it_comes_back()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var code = await client.Code("user/*.rs offline_access");
        using var first = await client.Exchange(code);
        var body = await SmartClient.Json(first);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Exchange(code)));
        using var read = await client.Fhir("Patient", body.GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Refresh(body.GetProperty("refresh_token").GetString()!)));
    }

    [Fact]
    public async Task For_one_minute()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var code = await client.Code("user/*.rs");
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(client.Exchange(code)));
    }

    [Fact]
    public async Task Only_for_the_client_and_the_address_that_it_was_given_to()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"),
            await SmartClient.Refusal(client.Exchange(await client.Code("user/*.rs"), uri: "http://localhost/callback")));
        var other = new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1/callback", SmartHost.Secret);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await SmartClient.Refusal(other.Exchange(await client.Code("user/*.rs"))));
    }

    [Fact]
    public async Task Only_with_the_secret_of_a_client_that_has_one()
    {
        var host = shared.Host;
        const string uri = "http://127.0.0.1:5000/back";
        var client = await new SmartClient(host, SmartHost.ClinicApp, uri, SmartHost.Secret).SignIn();
        foreach (var thief in new[] { new SmartClient(host, SmartHost.ClinicApp, uri), new SmartClient(host, SmartHost.ClinicApp, uri, "guess") })
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await SmartClient.Refusal(thief.Exchange(await client.Code("user/Observation.rs"))));
    }

    [Fact]
    public async Task In_an_address_without_encoding()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        // fhirclient does not encode it.
        Assert.Matches("^[A-Za-z0-9_-]+$", await client.Code("user/*.rs"));
    }
}
