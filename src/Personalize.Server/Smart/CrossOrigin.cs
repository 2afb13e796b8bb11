using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Personalize.Server.Smart;

/// <summary>Which pages of other origins may call: everybody's for what is public, a registered client's for tokens and the FHIR API.</summary>
/// <remarks>Source: SMART App Launch 2.2, "Considerations for Cross-Origin Resource Sharing". A preflight is answered here, before anybody asks for a token.</remarks>
internal static class CrossOrigin
{
    private const string Anybody = "anybody";
    private const string Registered = "registered";
    private static readonly string[] _headers = ["Authorization", "Content-Type", "Content-Encoding", "Accept", "If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since", "Prefer", "X-Request-Id"];
    private static readonly string[] _exposed = ["ETag", "Location", "Content-Location", "Last-Modified", "Retry-After", "WWW-Authenticate", "X-Request-Id"];
    private static readonly string[] _public = ["/fhir/metadata", SmartAddresses.SmartPath, SmartAddresses.OpenIdPath, SmartAddresses.KeysPath];
    private static readonly string[] _guarded = ["/fhir", SmartAddresses.TokenPath, SmartAddresses.IntrospectPath, SmartAddresses.RevokePath];

    /// <summary>Names the two policies.</summary>
    public static void Add(IServiceCollection services, ClientBook clients) => services.AddCors(cors =>
    {
        cors.AddPolicy(Anybody, policy => policy.AllowAnyOrigin().WithMethods("GET").WithHeaders(_headers).WithExposedHeaders(_exposed));
        cors.AddPolicy(Registered, policy => Guarded(policy, clients));
    });

    /// <summary>Puts the policies before authentication.</summary>
    public static void Use(IApplicationBuilder app)
    {
        app.UseWhen(http => IsPublic(http.Request.Path), branch => branch.UseCors(Anybody));
        app.UseWhen(http => !IsPublic(http.Request.Path) && IsGuarded(http.Request.Path), branch => branch.UseCors(Registered));
    }

    // No credentials: a token goes in a header, cookies count nowhere here.
    private static void Guarded(CorsPolicyBuilder policy, ClientBook clients) => policy
        .WithOrigins(clients.Origins).WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").WithHeaders(_headers).WithExposedHeaders(_exposed)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    private static bool IsPublic(PathString path) => _public.Any(p => path.Equals(p, StringComparison.OrdinalIgnoreCase));

    private static bool IsGuarded(PathString path) => _guarded.Any(p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));
}
