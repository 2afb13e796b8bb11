using System.Net;
using System.Net.Http.Headers;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Server.Rest;
using Personalize.Store;

namespace Personalize.Server.Verbs;

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, JSON.</param>
internal sealed record Sent(int Status, ReadOnlyMemory<byte> Body);

/// <summary>Sends one request to where the data goes. Fails with <see cref="Failure.Conflict"/> when that cannot be reached at all, and with <see cref="Failure.Unauthenticated"/> when it does not let anybody in.</summary>
/// <param name="method">POST or PUT.</param>
/// <param name="path">Below the FHIR base; empty for the base.</param>
/// <param name="body">JSON.</param>
/// <param name="ct">Gives up.</param>
internal delegate Task<Outcome<Sent>> Send(string method, string path, ReadOnlyMemory<byte> body, CancellationToken ct);

/// <summary>The two places that <c>load</c> sends to: a store opened here, and a server.</summary>
internal static class Sending
{
    /// <summary>Into a store, by the same interactions that answer over HTTP.</summary>
    public static Send ToStore(RestServices services) => async (method, path, body, ct) =>
    {
        if (!RestTarget.Parse(path).TryGet(out var target, out var failure))
            return Told(Answer.Of(failure));
        var request = new RestRequest(Access.Operator("load"), method, target, new Uri("http://localhost/fhir/")) { Body = body, Prefer = Prefer.Nothing with { Return = ReturnForm.Minimal } };
        return Told((await Interactions.Answer(request, services, ct)).TryGet(out var answer, out failure) ? answer : Answer.Of(failure));
    };

    /// <summary>To a server.</summary>
    public static Send ToServer(HttpClient http, Uri fhirBase, string? token) => async (method, path, body, ct) =>
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Length == 0 ? fhirBase : new Uri(fhirBase + "/" + path)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.FhirJson);
        request.Headers.Add("Prefer", "return=minimal");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, ct);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                return new Failure.Unauthenticated($"{fhirBase} wants an access token: --token TOKEN{(token is null ? "" : "; the one given does not hold")}.");
            return new Sent((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (HttpRequestException)
        {
            return new Failure.Conflict($"{fhirBase} cannot be reached, or broke off.");
        }
    };

    private static Sent Told(Answer answer) => new(answer.Status, answer.Body.SelectMany(piece => piece.ToArray()).ToArray());
}
