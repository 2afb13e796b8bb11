using System.Text.Json.Serialization;

namespace Personalize.Server.Smart;

/// <summary>What <c>.well-known/smart-configuration</c> says: only what works here.</summary>
/// <remarks>Source: SMART App Launch 2.2, Conformance.</remarks>
public sealed record SmartConfiguration
{
    /// <summary>The issuer of id_tokens.</summary>
    public required string Issuer { get; init; }
    /// <summary>The keys that sign id_tokens.</summary>
    public required string JwksUri { get; init; }
    /// <summary>Where a code is asked for.</summary>
    public required string AuthorizationEndpoint { get; init; }
    /// <summary>Where a code becomes a token.</summary>
    public required string TokenEndpoint { get; init; }
    /// <summary>Where a client asks about its tokens.</summary>
    public required string IntrospectionEndpoint { get; init; }
    /// <summary>Where a client gives a token back.</summary>
    public required string RevocationEndpoint { get; init; }
    /// <summary>How a client says who it is.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; } = ["client_secret_basic", "client_secret_post", "none"];
    /// <summary>How a token is got.</summary>
    public IReadOnlyList<string> GrantTypesSupported { get; } = ["authorization_code", "refresh_token"];
    /// <summary>Which scopes may be asked for; besides the stars, every resource type of R4.</summary>
    public IReadOnlyList<string> ScopesSupported { get; } =
        [.. Scopes.Plain, "patient/*.cruds", "patient/*.rs", "patient/*.read", "patient/*.write", "user/*.cruds", "user/*.rs", "user/*.read", "user/*.write"];
    /// <summary>What the authorization endpoint answers.</summary>
    public IReadOnlyList<string> ResponseTypesSupported { get; } = ["code"];
    /// <summary>How a code is bound to who asked for it.</summary>
    public IReadOnlyList<string> CodeChallengeMethodsSupported { get; } = ["S256"];
    /// <summary>The parts of SMART that are here.</summary>
    public IReadOnlyList<string> Capabilities { get; } =
    [
        "launch-ehr", "launch-standalone", "authorize-post", "client-public", "client-confidential-symmetric", "sso-openid-connect",
        "context-banner", "context-ehr-patient", "context-standalone-patient", "permission-offline", "permission-online", "permission-patient", "permission-user", "permission-v1", "permission-v2",
    ];

    /// <summary>The configuration of the server at these addresses.</summary>
    public static SmartConfiguration Of(SmartAddresses addresses) => new()
    {
        Issuer = addresses.Issuer,
        JwksUri = addresses.At(SmartAddresses.KeysPath),
        AuthorizationEndpoint = addresses.At(SmartAddresses.AuthorizePath),
        TokenEndpoint = addresses.At(SmartAddresses.TokenPath),
        IntrospectionEndpoint = addresses.At(SmartAddresses.IntrospectPath),
        RevocationEndpoint = addresses.At(SmartAddresses.RevokePath),
    };
}

/// <summary>How SMART's own JSON is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SmartConfiguration))]
internal sealed partial class SmartJson : JsonSerializerContext;
