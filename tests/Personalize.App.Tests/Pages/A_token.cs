using System.Net;
using Hl7.Fhir.Model;
using Personalize.App.Fhir;

namespace Personalize.App.Tests.Pages;

public sealed class A_token
{
    [Theory]
    [InlineData("https://ehr.example/fhir?page=2", false)]
    [InlineData("https://ehr.example.evil.example/fhir/Patient?page=2", false)]
    [InlineData("https://evil.example/fhir/Patient", false)]
    [InlineData("//evil.example/fhir/Patient", false)]
    [InlineData("../admin", false)]
    [InlineData("Patient?page=2", true)]
    [InlineData("https://ehr.example/fhir/Patient?page=2", true)]
    public async System.Threading.Tasks.Task Goes_nowhere_but_under_the_base(string address, bool asked)
    {
        using var listener = new Listener();
        using var http = new HttpClient(listener);
        var client = new FhirClient(http, new Uri("https://ehr.example/fhir"), new One());
        var answer = await client.Get<Patient>(address, TestContext.Current.CancellationToken);
        Assert.Equal(asked ? null : Trouble.Refused, answer.Trouble);
        Assert.Equal(asked ? 1 : 0, listener.Heard);
    }

    [Theory]
    [InlineData(403, Trouble.Denied)]
    [InlineData(404, Trouble.Missing)]
    [InlineData(412, Trouble.Changed)]
    [InlineData(422, Trouble.Refused)]
    [InlineData(302, Trouble.Unreachable)]
    [InlineData(500, Trouble.Unreachable)]
    [InlineData(401, Trouble.Ended)]
    public async System.Threading.Tasks.Task That_does_not_help_gives_a_trouble_with_words(int status, Trouble trouble)
    {
        using var listener = new Listener { Status = (HttpStatusCode)status };
        using var http = new HttpClient(listener);
        var client = new FhirClient(http, new Uri("https://ehr.example/fhir"), new One());
        Assert.Equal(trouble, (await client.Read<Patient>("x", TestContext.Current.CancellationToken)).Trouble);
    }

    private sealed class One : ITokens
    {
        public ValueTask<string?> Get(string? refused, CancellationToken cancellation) => ValueTask.FromResult(refused is null ? "token" : null);
    }

    // The end of the wire: it counts what would have gone out.
    private sealed class Listener : HttpMessageHandler
    {
        public int Heard { get; private set; }

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Heard++;
            return System.Threading.Tasks.Task.FromResult(new HttpResponseMessage(Status) { Content = new StringContent("""{"resourceType":"Patient","id":"x"}""") });
        }
    }
}
