using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Personalize.App.Clinician;
using Personalize.App.Http;
using Personalize.App.Launch;
using Personalize.App.Parts;
using Personalize.App.Practice;
using Personalize.App.Texts;

namespace Personalize.App;

/// <summary>The pages that people see: the practice page and the clinician app.</summary>
public static class AppPages
{
    private static readonly TimeSpan _connectPatience = TimeSpan.FromSeconds(3);

    /// <summary>Adds what the pages need. The host adds an <see cref="IPractice"/> of its own, and calls <c>UseStaticWebAssets</c>
    /// on its web host, so that the pages' styles have bodies when it runs from the build output.</summary>
    public static IServiceCollection Add(IServiceCollection services, AppOptions options)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(Forms);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new OutgoingHttp(NewHttpClient()));
        services.AddSingleton<LaunchSessions>();
        services.AddSingleton(NewLaunching);
        services.AddScoped<PageLanguage>();
        return services;
    }

    /// <summary>Puts the pages in their places: <c>/practice</c> and <c>/app</c>, behind headers and the gate of the launches.</summary>
    public static WebApplication Map(WebApplication app)
    {
        var options = app.Services.GetRequiredService<AppOptions>();
        var policy = PageHeaders.PolicyFor(options.Ehrs);
        var sessions = app.Services.GetRequiredService<LaunchSessions>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Personalize.App");
        app.UseWhen(PageHeaders.IsPage, pages =>
        {
            pages.Use(next => context => Guarded(context, options.Address, policy, log, next));
            pages.Use(next => context => LaunchGate.Pass(context, sessions, next));
        });
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapGet("/", () => Results.LocalRedirect("/practice"));
        app.MapRazorComponents<AppRoot>();
        app.Services.GetRequiredService<Launching>().Map(app);
        PracticeForms.Map(app);
        ClinicianForms.Map(app);
        PageLanguage.Map(app);
        return app;
    }

    private static Launching NewLaunching(IServiceProvider services) => new(
        services.GetRequiredService<AppOptions>(),
        services.GetRequiredService<OutgoingHttp>().Client,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<LaunchSessions>(),
        // The tokens live in memory only, and so does the key that they are kept under.
        new EphemeralDataProtectionProvider());

    private static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = _connectPatience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    // In a frame of another site only a partitioned cookie of SameSite=None lives. SecurePolicy.Always would refuse http://localhost,
    // where browsers do take Secure cookies: so the attributes are written by hand.
    private static void Forms(Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions options)
    {
        options.SuppressXFrameOptionsHeader = true;
        options.Cookie.Name = "__Host-form";
        options.Cookie.Path = "/";
        options.Cookie.SameSite = SameSiteMode.Unspecified;
        options.Cookie.SecurePolicy = CookieSecurePolicy.None;
        options.Cookie.Extensions.Add("SameSite=None");
        options.Cookie.Extensions.Add("Secure");
        options.Cookie.Extensions.Add("Partitioned");
    }

    private static async Task Guarded(HttpContext context, Uri address, string policy, ILogger log, RequestDelegate next)
    {
        PageHeaders.Set(context, policy);
        if (PageHeaders.ProperAddress(context, address) is { } proper)
        {
            context.Response.Redirect(proper);
            return;
        }
        if (PageHeaders.IsForeignPost(context))
        {
            await Problems.Page(Problem.ForeignForm).ExecuteAsync(context);
            return;
        }
        // A practice page may show two launches at once: they must find the browser's key there, or each would be given its own.
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path.StartsWithSegments("/practice") && UserAgentKey.Of(context) is null)
            UserAgentKey.Give(context);
        try
        {
            await next(context);
        }
        catch (Exception trouble) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.PageFailed(log, trouble);
            context.Response.Clear();
            await Problems.Page(Problem.Fault).ExecuteAsync(context);
            return;
        }
        if (!context.Response.HasStarted && context.Response.ContentLength is null or 0 && Problems.ForStatus(context.Response.StatusCode) is { } problem)
            await Problems.Page(problem).ExecuteAsync(context);
    }
}

/// <summary>The one client for calls to FHIR and authorization servers: no redirects followed, no cookies kept.</summary>
internal sealed record OutgoingHttp(HttpClient Client);
