using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Resource = Hl7.Fhir.Model.Resource;

namespace Personalize.App.Fhir;

/// <summary>Where a client's token comes from.</summary>
internal interface ITokens
{
    /// <summary>A token that holds, or null when there is none any more. <paramref name="refused"/> is one that the server has just refused.</summary>
    ValueTask<string?> Get(string? refused, CancellationToken cancellation);
}

/// <summary>Speaks FHIR over HTTP with one server as one user. The token goes to addresses under the server's base and nowhere else.</summary>
/// <remarks>Sources: FHIR R4, RESTful API; SMART App Launch 2.2, section on access to resources.</remarks>
internal sealed class FhirClient(HttpClient http, Uri root, ITokens tokens)
{
    private const string FhirJson = "application/fhir+json";
    private const int MaxPages = 5;
    private static readonly TimeSpan _readPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _writePatience = TimeSpan.FromSeconds(15);
    private static readonly FhirJsonDeserializer _reader =
        new(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable));
    private static readonly FhirJsonSerializer _writer = new();

    private readonly string _root = root.AbsoluteUri.TrimEnd('/') + "/";

    /// <summary>Reads one resource; an answer with another id than the one asked for is <see cref="Trouble.Unreadable"/>.</summary>
    public async Task<Answer<T>> Read<T>(string id, CancellationToken cancellation)
        where T : Resource
    {
        var answer = await Send<T>(HttpMethod.Get, $"{ModelInfo.GetFhirTypeNameForType(typeof(T))}/{Uri.EscapeDataString(id)}", null, null, cancellation);
        return answer.Value is { } found && found.Id != id ? Trouble.Unreadable : answer;
    }

    /// <summary>Asks for an address relative to the base, such as <c>Patient?name=x</c> or <c>Patient/1/$why</c>.</summary>
    public Task<Answer<T>> Get<T>(string relative, CancellationToken cancellation)
        where T : Resource => Send<T>(HttpMethod.Get, relative, null, null, cancellation);

    /// <summary>All matches of a search, following at most <see cref="MaxPages"/> pages of the same server.</summary>
    public async Task<Answer<List<T>>> Search<T>(string relative, CancellationToken cancellation)
        where T : Resource
    {
        var found = new List<T>();
        string? next = relative;
        for (var page = 0; next is not null && page < MaxPages; page++)
        {
            var answer = await Get<Bundle>(next, cancellation);
            if (!answer.TryGet(out var bundle, out var trouble))
                return trouble.Value;
            found.AddRange(bundle.Entry.Select(e => e.Resource).OfType<T>());
            next = Next(bundle);
        }
        return found;
    }

    /// <summary>The next page's address relative to the base; null when there is none on this server.</summary>
    public string? Next(Bundle bundle) =>
        bundle.NextLink?.OriginalString is { } next && Absolute(next) is { } address ? address.AbsoluteUri[_root.Length..] : null;

    /// <summary>Replaces a resource if it still has the version that its <c>meta</c> names.</summary>
    public Task<Answer<T>> Update<T>(T resource, CancellationToken cancellation)
        where T : Resource => Send<T>(HttpMethod.Put, $"{resource.TypeName}/{resource.Id}", resource, resource.Meta?.VersionId, cancellation);

    /// <summary>Creates a resource.</summary>
    public Task<Answer<T>> Create<T>(T resource, CancellationToken cancellation)
        where T : Resource => Send<T>(HttpMethod.Post, resource.TypeName, resource, null, cancellation);

    private Uri? Absolute(string address) =>
        Uri.TryCreate(new Uri(_root), address, out var absolute) && absolute.AbsoluteUri.StartsWith(_root, StringComparison.Ordinal) ? absolute : null;

    private async Task<Answer<T>> Send<T>(HttpMethod method, string relative, Resource? body, string? version, CancellationToken cancellation)
        where T : Resource
    {
        if (Absolute(relative) is not { } address)
            return Trouble.Refused;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(body is null ? _readPatience : _writePatience);
        try
        {
            return await SendOnceOrTwice<T>(() => Request(method, address, body, version), patience.Token);
        }
        catch (HttpRequestException)
        {
            return Trouble.Unreachable;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Trouble.Unreachable;
        }
    }

    // A refused token is renewed once; what is refused then stays refused.
    private async Task<Answer<T>> SendOnceOrTwice<T>(Func<HttpRequestMessage> request, CancellationToken cancellation)
        where T : Resource
    {
        string? refused = null;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await tokens.Get(refused, cancellation) is not { } token)
                return Trouble.Ended;
            using var message = request();
            if (token.Length > 0)
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(message, cancellation);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
                return await Judge<T>(response, cancellation);
            refused = token;
        }
        return Trouble.Ended;
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, Resource? body, string? version)
    {
        var message = new HttpRequestMessage(method, address);
        message.Headers.Accept.ParseAdd(FhirJson);
        if (version is not null)
            message.Headers.TryAddWithoutValidation("If-Match", $"W/\"{version}\"");
        if (body is not null)
        {
            message.Headers.TryAddWithoutValidation("Prefer", "return=representation");
            message.Content = new StringContent(_writer.SerializeToString(body), Encoding.UTF8, FhirJson);
        }
        return message;
    }

    private static async Task<Answer<T>> Judge<T>(HttpResponseMessage response, CancellationToken cancellation)
        where T : Resource => (int)response.StatusCode switch
        {
            >= 200 and < 300 => Parse<T>(await response.Content.ReadAsByteArrayAsync(cancellation)),
            403 => Trouble.Denied,
            404 or 410 => Trouble.Missing,
            409 or 412 => Trouble.Changed,
            >= 400 and < 500 => Trouble.Refused,
            _ => Trouble.Unreachable,
        };

    internal static Answer<T> Parse<T>(ReadOnlySpan<byte> utf8)
        where T : Resource
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            _reader.TryDeserializeResource(ref json, out var resource, out var issues);
            return resource is T wanted ? (Answer<T>)wanted with { Whole = !issues.Any() } : Trouble.Unreadable;
        }
        catch (JsonException)
        {
            return Trouble.Unreadable;
        }
    }
}
