using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Personalize.App;
using Personalize.Fhir.Primitives;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Personalize.Server.Smart;

/// <summary>The authorization server: OpenIddict with what SMART App Launch adds.</summary>
public static class SmartServer
{
    private static readonly TimeSpan _codeLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _accessLife = TimeSpan.FromHours(1);

    /// <summary>What is wrong with the clients of the settings, or null.</summary>
    public static Failure? Refuses(LaunchSettings settings) => ClientBook.Of(settings, SmartAddresses.Of(settings), NewAppSecret()).Failure;

    /// <summary>Adds it to a host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">Settings that <see cref="Refuses"/> finds good.</param>
    /// <param name="appSecret">The secret of the clinician app, <see cref="NewAppSecret"/>.</param>
    /// <returns>Where it will be found.</returns>
    public static SmartAddresses Add(WebApplicationBuilder builder, LaunchSettings settings, string appSecret)
    {
        var addresses = SmartAddresses.Of(settings);
        var clients = ClientBook.Of(settings, addresses, appSecret).Value;
        var services = builder.Services;
        services.AddSingleton(addresses).AddSingleton(clients);
        AddSessions(services, settings);
        AddOpenIddict(services, settings, addresses, clients);
        CrossOrigin.Add(services, clients);
        // It warns at each start that the keys lie in the clear; see KeyFolder.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        services.AddHostedService<AuthStart>().AddHostedService<AuthSweep>();
        return addresses;
    }

    /// <summary>A secret for the clinician app, new at each start.</summary>
    public static string NewAppSecret() => Secrets.New();

    /// <summary>Puts it into the pipeline: before everything that asks who somebody is.</summary>
    public static void Map(WebApplication app)
    {
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/auth"), pages => pages.Use(PageHeaders));
        CrossOrigin.Use(app);
        app.UseAuthentication();
        var addresses = app.Services.GetRequiredService<SmartAddresses>();
        var configuration = SmartConfiguration.Of(addresses);
        app.MapGet(SmartAddresses.SmartPath, () => Results.Json(configuration, SmartJson.Default.SmartConfiguration, "application/json"));
        var pages = app.MapGroup("").AddEndpointFilter(NeverKept);
        pages.MapMethods(SmartAddresses.AuthorizePath, ["GET", "POST"], AuthorizeEndpoint.Handle);
        pages.MapGet(SmartAddresses.SignInPath, SignInPage.Show);
        pages.MapPost(SmartAddresses.SignInPath, SignInPage.SignIn).DisableAntiforgery();
        pages.MapGet(SmartAddresses.PatientPath, PatientPage.Show);
        pages.MapPost(SmartAddresses.PatientPath, PatientPage.Choose).DisableAntiforgery();
    }

    // The address of these pages holds a launch; no other page is to see it. There is no form-action: Chromium would hold the redirect to the client against it.
    private static Task PageHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'self'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    private static ValueTask<object?> NeverKept(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    private static void AddSessions(IServiceCollection services, LaunchSettings settings)
    {
        services.AddDataProtection().SetApplicationName("personalize").PersistKeysToFileSystem(KeyFolder(settings));
        services.AddDbContextPool<AuthDb>(db => db.UseSqlite($"Data Source={Path.Combine(settings.Data, "auth.db")}").UseOpenIddict());
        services.AddScoped<Sessions>().AddScoped<Launches>().AddScoped<PageTokens>();
        services.AddSingleton<KnownTokens>().AddSingleton<Practice>().AddSingleton<IPractice>(s => s.GetRequiredService<Practice>());
        services.AddAuthentication(Practice.Scheme).AddCookie(Practice.Scheme, PracticeCookie);
    }

    // The keys lie in the clear: the folder is its owner's alone.
    private static DirectoryInfo KeyFolder(LaunchSettings settings)
    {
        var path = Path.Combine(settings.Data, "keys");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // In the frame of an EHR of another site only a partitioned cookie lives; the prefix binds it to this host.
    private static void PracticeCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "__Host-practice";
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.SameSite = SameSiteMode.None;
        options.Cookie.Path = "/";
        options.Cookie.Extensions.Add("Partitioned");
        options.ExpireTimeSpan = Sessions.Life;
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = async context =>
        {
            var session = context.Principal?.FindFirst(SmartClaims.Session)?.Value;
            if (session is null || !await context.HttpContext.RequestServices.GetRequiredService<Sessions>().IsOpen(session, context.HttpContext.RequestAborted))
                context.RejectPrincipal();
        };
    }

    private static void AddOpenIddict(IServiceCollection services, LaunchSettings settings, SmartAddresses addresses, ClientBook clients)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AuthDb>())
            .AddServer(server =>
            {
                Endpoints(server, addresses);
                Tokens(server);
                AuthorizeRules.Add(server, addresses, clients);
                TokenRules.Add(server);
                TokenQueries.Add(server);
            })
            .AddValidation(validation => Validation(validation, addresses));
        services.AddOptions<OpenIddictServerOptions>().Configure<IDataProtectionProvider>((options, protection) =>
        {
            var keys = SmartKeys.Of(Path.Combine(settings.Data, "keys"), protection);
            options.SigningCredentials.Add(new SigningCredentials(keys.Signing, SecurityAlgorithms.RsaSha256));
            options.EncryptionCredentials.Add(new EncryptingCredentials(keys.Sealing, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        });
    }

    private static void Validation(OpenIddictValidationBuilder validation, SmartAddresses addresses)
    {
        validation.UseLocalServer();
        validation.AddAudiences(addresses.Fhir);
        validation.EnableTokenEntryValidation().EnableAuthorizationEntryValidation();
        // A token in an address or a form ends up in logs; the body of a search is not ours to read either.
        validation.UseAspNetCore().DisableAccessTokenExtractionFromBodyForm().DisableAccessTokenExtractionFromQueryString();
    }

    private static void Endpoints(OpenIddictServerBuilder server, SmartAddresses addresses)
    {
        server.SetIssuer(addresses.Root)
            .SetAuthorizationEndpointUris(SmartAddresses.AuthorizePath)
            .SetTokenEndpointUris(SmartAddresses.TokenPath)
            .SetIntrospectionEndpointUris(SmartAddresses.IntrospectPath)
            .SetRevocationEndpointUris(SmartAddresses.RevokePath)
            .SetJsonWebKeySetEndpointUris(SmartAddresses.KeysPath)
            .SetConfigurationEndpointUris(SmartAddresses.OpenIdPath);
        var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().SuppressJsonResponseIndentation();
        if (addresses.OnlyLoopback)
            host.DisableTransportSecurityRequirement();
    }

    private static void Tokens(OpenIddictServerBuilder server)
    {
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        server.UseReferenceAccessTokens().UseReferenceRefreshTokens();
        server.SetAuthorizationCodeLifetime(_codeLife).SetAccessTokenLifetime(_accessLife).SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        // SMART's scopes are a language, not a list: AuthorizeRules reads them.
        server.DisableScopeValidation().IgnoreScopePermissions().RegisterScopes([.. Scopes.Plain]).RegisterClaims(Claims.Subject, SmartClaims.FhirUser);
        server.DisableResourceValidation().IgnoreResourcePermissions();
        server.Configure(options =>
        {
            options.CodeChallengeMethods.RemoveWhere(method => method != CodeChallengeMethods.Sha256);
            // Neither a key nor a certificate of a client is read yet.
            options.ClientAuthenticationMethods.Clear();
            options.ClientAuthenticationMethods.UnionWith([ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost, ClientAuthenticationMethods.None]);
            options.PromptValues.RemoveWhere(prompt => prompt != PromptValues.None);
            options.ResponseModes.RemoveWhere(mode => mode != ResponseModes.Query);
        });
    }
}
