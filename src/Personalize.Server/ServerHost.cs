using Personalize.App;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Server.Rest;
using Personalize.Server.Smart;
using Personalize.Server.Watch;
using Personalize.Store;

namespace Personalize.Server;

/// <summary>Puts the host together: what is built here with <c>new</c> is all there is.</summary>
public static class ServerHost
{
    /// <summary>The host of these settings, not yet listening. Fails with <see cref="Failure.Conflict"/> while another process holds the data folder, and as <see cref="StoreRoom.Open"/> does.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="time">The clock of everything in it.</param>
    public static Outcome<WebApplication> Build(LaunchSettings settings, TimeProvider time)
    {
        if (!StoreRoom.Open(settings, time).TryGet(out var room, out var failure))
            return failure;
        var builder = Builder(settings);
        builder.Services.AddSingleton(time).AddSingleton(settings);
        // Made by a factory so that the host closes the store, last of all, when it stops.
        builder.Services.AddSingleton<IResourceStore>(_ => room.Store).AddSingleton(room.Intake);
        var secret = SmartServer.NewAppSecret();
        var addresses = SmartServer.Add(builder, settings, secret);
        AppPages.Add(builder.Services, Pages(settings, addresses, secret));
        var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        var terms = new KnownTerms(room.Store, room.Program);
        var flow = new FlowParts(room.Store, room.Intake, room.Program, terms, time, zone);
        flow.Add(builder.Services);
        Health.Add(builder.Services);
        Telemetry.Add(builder);
        var rest = Rest(settings, room, terms, time) with { Composed = flow.Composed };
        rest = rest with { Operations = [.. flow.Operations, PatientEverything.Of(rest), SearchParameterState.Of(rest), .. MetaOperations.Of(rest)] };
        builder.Services.AddSingleton(rest);
        return Pipeline(builder.Build(), settings, rest);
    }

    private static WebApplication Pipeline(WebApplication app, LaunchSettings settings, RestServices rest)
    {
        // The store is the container's from the first request for it: without this line one that nobody asked for would stay open.
        app.Services.GetRequiredService<IResourceStore>();
        ForwardedBy.Use(app, settings.Proxies);
        if (settings.Authorization == AuthorizationMode.None)
            LocalOrigins.Use(app);
        Health.Map(app);
        SmartServer.Map(app);
        RestEndpoint.Map(app, rest);
        AppPages.Map(app);
        return app;
    }

    private static RestServices Rest(LaunchSettings settings, StoreRoom room, KnownTerms terms, TimeProvider time)
    {
        var open = settings.Authorization == AuthorizationMode.None;
        var links = new PageLinks(PageLinks.KeyOf(settings.Data), time);
        return new RestServices(room.Store, room.Intake, terms, open ? OpenAccess.Operator : TokenAccess.Of, links, time, room.NewId)
        {
            MaxBody = settings.MaxBodyBytes,
            Bodies = new BodyRoom(settings.MaxBodiesBytes),
            Gate = new Gate(settings.MaxRequests, settings.MaxRequestsOfOne),
            LongestRead = TimeSpan.FromSeconds(settings.MaxReadSeconds),
            Secured = !open,
        };
    }

    private static AppOptions Pages(LaunchSettings settings, SmartAddresses addresses, string secret) => new()
    {
        Address = addresses.Root,
        Ehrs = [new Ehr(addresses.Fhir, "personalize-app", secret, [])],
        TimeZone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone),
    };

    private static WebApplicationBuilder Builder(LaunchSettings settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "personalize", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
            // A sealed paging link bears all that a form of 500 conditions asked for.
            kestrel.Limits.MaxRequestLineSize = 128 * 1024;
            // Endpoints in the environment would be bound beside ours, and not on loopback.
            if (settings.StaysLocal)
                kestrel.ConfigurationLoader = null;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Personalize", LogLevel.Information)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a start that fails is told in one line
        if (settings.Log == LogForm.Json)
            builder.Logging.ClearProviders().AddJsonConsole(json => (json.IncludeScopes, json.UseUtcTimestamp, json.TimestampFormat) = (false, true, "O")); // scopes name paths, and those ids
        // A page on the web must not reach a server on loopback under a name of its own (DNS rebinding).
        if (settings.StaysLocal)
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        return builder;
    }
}
