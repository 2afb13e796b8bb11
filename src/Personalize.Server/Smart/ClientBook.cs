using System.Collections.Frozen;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Smart;

/// <summary>A client that may ask for tokens.</summary>
/// <param name="Id">The <c>client_id</c>.</param>
/// <param name="Name">What people read.</param>
/// <param name="RedirectUris">Where answers may go, exactly.</param>
/// <param name="Allowed">What it may ask for at most.</param>
/// <param name="Secret">Its secret; null for a public client.</param>
/// <param name="Native">True for a program on the user's machine: a loopback redirect URI then holds on every port (RFC 8252).</param>
internal sealed record RegisteredClient(string Id, string Name, IReadOnlyList<string> RedirectUris, Scopes Allowed, string? Secret, bool Native)
{
    /// <summary>The origins from which its pages may call the token endpoint and the FHIR API.</summary>
    public IEnumerable<string> Origins => RedirectUris.Select(uri => new Uri(uri).GetLeftPart(UriPartial.Authority));
}

/// <summary>All clients: those of the settings, the clinician app, and in a demonstration one for trying things out.</summary>
/// <remarks>There is no other way to become a client.</remarks>
internal sealed class ClientBook
{
    /// <summary>The clinician app's <c>client_id</c>.</summary>
    public const string App = "personalize-app";

    /// <summary>The <c>client_id</c> for trying things out in the demonstration; public, on loopback.</summary>
    public const string Demo = "demo-client";

    private const string Everything = "launch launch/patient openid fhirUser offline_access online_access patient/*.cruds user/*.cruds";
    private readonly FrozenDictionary<string, RegisteredClient> _clients;

    private ClientBook(IEnumerable<RegisteredClient> clients) => _clients = clients.ToFrozenDictionary(c => c.Id);

    /// <summary>Every client.</summary>
    public IEnumerable<RegisteredClient> All => _clients.Values;

    /// <summary>The origins of all clients, each once.</summary>
    public string[] Origins => [.. All.Where(c => !c.Native).SelectMany(c => c.Origins).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The client of that id, or null.</summary>
    public RegisteredClient? Find(string? id) => id is null ? null : _clients.GetValueOrDefault(id);

    /// <summary>Reads the clients of the settings. Fails with <see cref="Failure.Invalid"/> when one cannot be used.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="addresses">Where this server is.</param>
    /// <param name="appSecret">The secret of the clinician app.</param>
    public static Outcome<ClientBook> Of(LaunchSettings settings, SmartAddresses addresses, string appSecret)
    {
        var clients = new List<RegisteredClient> { AppClient(addresses, appSecret) };
        if (settings.MadeClinicians)
            clients.Add(new RegisteredClient(Demo, "Demonstration client", ["http://127.0.0.1/callback", "http://localhost/callback"], Allow(Everything), null, Native: true));
        foreach (var client in settings.Clients)
        {
            if (!Read(client).TryGet(out var read, out var failure))
                return failure;
            if (clients.Any(c => c.Id == read.Id))
                return new Failure.Invalid($"The client '{read.Id}' is there twice.");
            clients.Add(read);
        }
        return new ClientBook(clients);
    }

    private static RegisteredClient AppClient(SmartAddresses addresses, string secret) =>
        new(App, "Personalize for clinicians", [addresses.At(SmartAddresses.AppCallbackPath)], Allow(Everything), secret, Native: false);

    private static Scopes Allow(string text) => Scopes.Parse(text).Value;

    private static Outcome<RegisteredClient> Read(ClientSettings client)
    {
        if (client.Id.Length is 0 or > 100 || client.Id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            return new Failure.Invalid("A client's id has 1 to 100 letters, digits, '-', '_' and '.'.");
        if (client.RedirectUris.Count == 0 || client.RedirectUris.Any(uri => !IsRedirectUri(uri)))
            return new Failure.Invalid($"The client '{client.Id}' needs redirect URIs that are absolute, without a fragment, and https or on this machine.");
        if (!Scopes.Parse(client.Scopes).TryGet(out var scopes, out _))
            return new Failure.Invalid($"The client '{client.Id}' names a scope that is not offered here.");
        return SecretOf(client).Select(secret =>
            new RegisteredClient(client.Id, client.Name ?? client.Id, client.RedirectUris, scopes, secret.Length == 0 ? null : secret, Native: false));
    }

    private static bool IsRedirectUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    // Empty for a public client.
    private static Outcome<string> SecretOf(ClientSettings client)
    {
        if (client is { SecretVariable: null, SecretFile: null })
            return "";
        if (client.SecretFile is { } missing && !File.Exists(missing))
            return new Failure.Invalid($"The secret file of the client '{client.Id}' is not there.");
        if (client.SecretFile is { } open && OwnerOnly.Refuses(open) is { } refused)
            return refused;
        var secret = client.SecretFile is { } file ? File.ReadAllText(file).Trim() : Environment.GetEnvironmentVariable(client.SecretVariable!);
        return string.IsNullOrEmpty(secret) ? new Failure.Invalid($"The secret of the client '{client.Id}' is not set.") : secret;
    }
}
