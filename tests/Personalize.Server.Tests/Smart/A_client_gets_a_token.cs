using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Personalize.Server.Tests.Smart;

public sealed class A_client_gets_a_token(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task By_a_code_and_its_verifier()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        using var answer = await client.Exchange(await client.Code("user/*.cruds"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("no-cache", answer.Headers.Pragma.ToString());
        var body = await SmartClient.Json(answer);
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString());
        Assert.Equal("user/*.cruds", body.GetProperty("scope").GetString());
        Assert.InRange(body.GetProperty("expires_in").GetInt32(), 3590, 3600);
        Assert.False(body.TryGetProperty("refresh_token", out _));
        Assert.False(body.TryGetProperty("patient", out _));
        using var read = await client.Fhir("Patient", body.GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task After_it_sent_its_user_to_sign_in()
    {
        var host = shared.Host;
        var client = new SmartClient(host);
        using var toSignIn = await client.Authorize(client.Request("user/*.rs"));
        var page = toSignIn.Headers.Location!;
        Assert.StartsWith("/auth/sign-in?return=", page.OriginalString, StringComparison.Ordinal);
        var html = await host.Http.GetStringAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("value=\"np-luis-ortega\"", html, StringComparison.Ordinal);
        var back = WebUtility.UrlDecode(page.OriginalString.Split("return=")[1]);
        Assert.Contains($"name=\"return\" value=\"{WebUtility.HtmlEncode(back)}\"", html, StringComparison.Ordinal);
        using var signedIn = await client.Post("/auth/sign-in", [new("clinician", "np-luis-ortega"), new("return", back)], authenticate: false);
        Assert.Equal(back, signedIn.Headers.Location!.OriginalString);
        client.Cookie = signedIn.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        Assert.Contains("code", (await client.Answer(client.Request("user/*.rs"))).Keys);
    }

    [Fact]
    public async Task For_the_patient_of_a_launch()
    {
        var host = shared.Host;
        var client = await ClinicApp(host).SignIn();
        var launch = await host.NewLaunch(client.Cookie, "anna");
        var body = await client.Token("launch patient/*.rs", launch);
        Assert.Equal("anna", body.GetProperty("patient").GetString());
        Assert.True(body.GetProperty("need_patient_banner").GetBoolean());
    }

    [Fact]
    public async Task For_a_patient_whom_the_clinician_chose_on_the_way()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var all = (await client.Token("user/*.cruds")).GetProperty("access_token").GetString();
        foreach (var (id, family) in new[] { ("anna", "Arnold"), ("berta", "<Berg>") })
        {
            using var made = await client.Fhir(HttpMethod.Put, $"Patient/{id}", all, $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{family}}"}],"birthDate":"1950-01-01"}""");
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }
        var request = client.Request("launch/patient patient/*.rs");
        using var toPage = await client.Authorize(request);
        var page = toPage.Headers.Location!.OriginalString;
        Assert.StartsWith("/auth/patient?return=", page, StringComparison.Ordinal);
        var everybody = await client.Page(page);
        Assert.Contains("Arnold, 1950-01-01", everybody, StringComparison.Ordinal);
        Assert.Contains("&lt;Berg&gt;", everybody, StringComparison.Ordinal);
        Assert.DoesNotContain("Arnold", await client.Page(page + "&name=Berg"), StringComparison.Ordinal);

        var back = WebUtility.UrlDecode(page.Split("return=")[1]);
        using var chosen = await client.Post("/auth/patient", [new("patient", "anna"), new("return", back)], authenticate: false);
        using var answer = await client.Follow(chosen.Headers.Location!.OriginalString);
        var code = QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["code"].ToString();
        using var tokens = await client.Exchange(code);
        Assert.Equal("anna", (await SmartClient.Json(tokens)).GetProperty("patient").GetString());
        // The choice was good once: the page comes back.
        using var again = await client.Follow(chosen.Headers.Location!.OriginalString);
        Assert.Equal(page, again.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task By_a_form_as_well_as_by_an_address()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        using var message = new HttpRequestMessage(HttpMethod.Post, "/auth/authorize");
        message.Headers.Add("Cookie", client.Cookie);
        message.Content = new FormUrlEncodedContent(client.Request("user/*.rs").Where(p => p.Value is not null)!);
        using var answer = await host.Http.SendAsync(message, TestContext.Current.CancellationToken);
        Assert.Contains("code=", answer.Headers.Location!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_id_token_that_names_the_clinician()
    {
        var host = shared.Host;
        var client = await ClinicApp(host).SignIn("dr-lena-fischer");
        var request = client.Request("openid fhirUser user/Observation.rs");
        request["nonce"] = "n-0S6_WzA2Mj";
        using var answer = await client.Exchange((await client.Answer(request))["code"]);
        var token = (await SmartClient.Json(answer)).GetProperty("id_token").GetString()!;
        var keys = new JsonWebKeySet(await host.Http.GetStringAsync("/auth/jwks", TestContext.Current.CancellationToken));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = host.Address.AbsoluteUri,
            ValidAudience = SmartHost.ClinicApp,
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = ["RS256"],
        });
        Assert.True(result.IsValid);
        Assert.Equal("dr-lena-fischer", result.Claims["sub"]);
        Assert.Equal($"{host.Fhir}/Practitioner/dr-lena-fischer", result.Claims["fhirUser"]);
        Assert.Equal("n-0S6_WzA2Mj", result.Claims["nonce"]);
        // fhirclient decodes the payload with atob: '-' and '_' break it.
        var payload = token.Split('.')[1];
        Assert.DoesNotContain(payload, c => c is '-' or '_');
        Assert.DoesNotContain("practice_session", Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(payload)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user/Observation.read user/Patient.write")]
    [InlineData("user/Observation.rs user/Patient.cud")]
    public async Task With_scopes_in_the_form_in_which_it_asked(string scope)
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var body = await client.Token(scope);
        Assert.Equal(scope, body.GetProperty("scope").GetString());
        var token = body.GetProperty("access_token").GetString();
        Assert.Equal(HttpStatusCode.OK, await client.Reads("Observation", token));
        Assert.Equal(HttpStatusCode.Forbidden, await client.Reads("Patient", token));
    }

    [Fact]
    public async Task On_whatever_port_of_its_own_machine_it_listens_when_it_is_the_demonstration_client()
    {
        var host = shared.Host;
        var client = await new SmartClient(host, redirectUri: "http://127.0.0.1:53124/callback").SignIn();
        Assert.Equal("user/*.rs", (await client.Token("user/*.rs")).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task That_the_practice_page_holds_for_itself_and_that_may_only_read()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host).SignIn();
        var token = await host.PageToken(client.Cookie);
        Assert.Equal(token, await host.PageToken(client.Cookie));
        Assert.Equal(HttpStatusCode.OK, await client.Reads("Patient", token));
        using var write = await client.Fhir(HttpMethod.Put, "Patient/anna", token, """{"resourceType":"Patient","id":"anna"}""");
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.Unauthorized, await client.Reads("Patient", token));
    }

    private static SmartClient ClinicApp(SmartHost host) => new(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", SmartHost.Secret);
}
