using System.Text.RegularExpressions;

namespace Personalize.Server.Smart;

/// <summary>Where the authorization server and what it guards are found. Addresses are fixed at the start; no header of a request changes them.</summary>
public sealed partial record SmartAddresses
{
    /// <summary>Path of the authorization endpoint.</summary>
    public const string AuthorizePath = "/auth/authorize";
    /// <summary>Path of the token endpoint.</summary>
    public const string TokenPath = "/auth/token";
    /// <summary>Path of the introspection endpoint.</summary>
    public const string IntrospectPath = "/auth/introspect";
    /// <summary>Path of the revocation endpoint.</summary>
    public const string RevokePath = "/auth/revoke";
    /// <summary>Path of the public keys.</summary>
    public const string KeysPath = "/auth/jwks";
    /// <summary>Path of the page on which a person signs in.</summary>
    public const string SignInPath = "/auth/sign-in";
    /// <summary>Path of the page on which a patient is chosen.</summary>
    public const string PatientPath = "/auth/patient";
    /// <summary>Path of OpenID Connect's configuration.</summary>
    public const string OpenIdPath = "/.well-known/openid-configuration";
    /// <summary>Path of SMART's configuration.</summary>
    public const string SmartPath = "/fhir/.well-known/smart-configuration";
    /// <summary>Path under which the app finishes its launch.</summary>
    public const string AppCallbackPath = "/app/callback";

    private SmartAddresses(Uri root, bool onlyLoopback) => (Root, OnlyLoopback) = (root, onlyLoopback);

    /// <summary>True when nobody but this machine reaches the server; then, and only then, tokens may travel without TLS.</summary>
    public bool OnlyLoopback { get; }

    /// <summary>The root of the host, with a slash at its end.</summary>
    public Uri Root { get; }

    /// <summary>The FHIR base, without a slash at its end.</summary>
    public string Fhir => At("/fhir");

    /// <summary>The issuer of tokens; equal to what OpenID Connect's configuration says.</summary>
    public string Issuer => Root.AbsoluteUri;

    /// <summary>A path on this host as an absolute address.</summary>
    public string At(string path) => new Uri(Root, path).AbsoluteUri;

    /// <summary>True when a client means this FHIR base; a slash at the end does not matter.</summary>
    public bool IsFhir(string? audience) => string.Equals(audience?.TrimEnd('/'), Fhir, StringComparison.Ordinal);

    /// <summary>The first of the addresses to listen on is the one that is given out; one that stands for all of this machine's is given out as <c>localhost</c>.</summary>
    public static SmartAddresses Of(LaunchSettings settings)
    {
        var all = settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SmartAddresses(new Uri(new Uri(Named(all[0])), "/"), all.All(IsLoopback));
    }

    private static bool IsLoopback(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.IsLoopback;

    private static string Named(string text) => EveryAddress().Replace(text, "://localhost");

    [GeneratedRegex(@"://(\*|\+|0\.0\.0\.0|\[::\])(?=[:/]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex EveryAddress();
}
