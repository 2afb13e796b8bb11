using System.Net;
using System.Net.Http.Headers;

namespace Personalize.Server.Tests.Smart;

public sealed class Nobody_gets_into_the_record(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Without_a_token()
    {
        var host = shared.Host;
        using var answer = await new SmartClient(host).Fhir("Patient", null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task With_a_token_that_was_never_given()
    {
        var host = shared.Host;
        using var answer = await new SmartClient(host).Fhir("Patient", "nonsense");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task With_nothing_but_the_cookie_of_the_practice()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient");
        request.Headers.Add("Cookie", client.Cookie);
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_token_in_the_address_or_as_a_password()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var token = (await client.Token("user/*.rs")).GetProperty("access_token").GetString()!;
        using var inAddress = await client.Fhir($"Patient?access_token={token}", null);
        Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", token);
        using var asPassword = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, asPassword.StatusCode);
    }

    [Fact]
    public async Task With_a_code_a_refresh_token_or_an_id_token()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        var code = await client.Code("user/*.rs");
        var tokens = await client.Token("openid fhirUser offline_access user/*.rs");
        foreach (var other in new[] { code, tokens.GetProperty("refresh_token").GetString()!, tokens.GetProperty("id_token").GetString()! })
        {
            using var answer = await client.Fhir("Patient", other);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Through_a_form_on_another_site_that_signs_somebody_in()
    {
        var host = shared.Host;
        foreach (var (header, value) in new[] { ("Origin", "https://evil.example.org"), ("Sec-Fetch-Site", "cross-site") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/sign-in");
            request.Headers.Add(header, value);
            request.Content = new FormUrlEncodedContent([new("clinician", "dr-amara-okafor")]);
            using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task By_a_sign_in_that_leads_elsewhere()
    {
        var host = shared.Host;
        var client = new SmartClient(host);
        foreach (var back in new[] { "https://evil.example.org/", "//evil.example.org", "/auth/authorize@evil" })
        {
            using var answer = await client.Post("/auth/sign-in", [new("clinician", "dr-amara-okafor"), new("return", back)], authenticate: false);
            Assert.Equal("/practice", answer.Headers.Location!.OriginalString);
        }
    }

    [Fact]
    public async Task By_choosing_a_patient_for_a_clinician_from_another_site_or_with_nobody_signed_in()
    {
        var host = shared.Host;
        var client = await new SmartClient(host).SignIn();
        const string waiting = "/auth/authorize?client_id=demo-client";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/patient");
        request.Headers.Add("Cookie", client.Cookie);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new FormUrlEncodedContent([new("patient", "anna"), new("return", waiting)]);
        using var foreign = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        var nobody = new SmartClient(host);
        using var form = await nobody.Post("/auth/patient", [new("patient", "anna"), new("return", waiting)], authenticate: false);
        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);
        using var page = await nobody.Follow("/auth/patient?return=/auth/authorize%3Fx");
        Assert.StartsWith("/auth/sign-in", page.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_reading_the_log()
    {
        await using var host = await SmartHost.Start();
        var client = await new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", SmartHost.Secret).SignIn();
        var launch = await host.NewLaunch(client.Cookie, "anna");
        var code = await client.Code("launch openid fhirUser online_access patient/*.rs", launch);
        using var exchanged = await client.Exchange(code);
        var tokens = await SmartClient.Json(exchanged);
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
        await client.Reads("Patient", access);
        using var again = await client.Refresh(refresh);
        using var replayed = await client.Refresh(refresh);
        using var wrong = await new SmartClient(host, SmartHost.ClinicApp, "http://127.0.0.1:5000/back", "a-wrong-secret").Exchange(code);
        await client.Reads("Patient", access);
        Assert.NotEmpty(host.Heard);
        foreach (var secret in new[] { launch, code, access, refresh, SmartHost.Secret, "a-wrong-secret", SmartClient.Verifier, client.Cookie.Split('=')[1] })
            Assert.All(host.Heard, line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_somebody_who_does_not_work_there()
    {
        var host = shared.Host;
        using var answer = await new SmartClient(host).Post("/auth/sign-in", [new("clinician", "dr-nobody")], authenticate: false);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task By_reading_the_cookie_in_a_script_or_on_another_site()
    {
        var host = shared.Host;
        using var answer = await new SmartClient(host).Post("/auth/sign-in", [new("clinician", "dr-amara-okafor")], authenticate: false);
        var parts = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-practice=", StringComparison.Ordinal)).Split("; ").Select(p => p.ToLowerInvariant()).ToList();
        Assert.Contains("httponly", parts);
        Assert.Contains("secure", parts);
        Assert.Contains("samesite=none", parts);
        Assert.Contains("partitioned", parts);
        Assert.Contains("path=/", parts);
        Assert.DoesNotContain(parts, p => p.StartsWith("domain", StringComparison.Ordinal));
    }
}
