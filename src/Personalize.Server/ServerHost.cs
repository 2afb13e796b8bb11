using Personalize.Server.Smart;

namespace Personalize.Server;

/// <summary>Puts the host together: what is built here with <c>new</c> is all there is.</summary>
public static class ServerHost
{
    /// <summary>The host of these settings, not yet listening.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="time">The clock of everything in it.</param>
    public static WebApplication Build(LaunchSettings settings, TimeProvider time)
    {
        var builder = Builder(settings);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(settings);
        SmartServer.Add(builder, settings, SmartServer.NewAppSecret());
        var app = builder.Build();
        SmartServer.Map(app);
        return app;
    }

    private static WebApplicationBuilder Builder(LaunchSettings settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "personalize", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Personalize", LogLevel.Information)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a start that fails is told in one line
        // A page on the web must not reach a server on loopback under a name of its own (DNS rebinding).
        if (settings.StaysLocal)
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        return builder;
    }
}
