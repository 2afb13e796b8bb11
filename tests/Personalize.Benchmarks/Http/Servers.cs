using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalize.Server;
using Personalize.Server.Flow;
using Personalize.Server.Http;
using Personalize.Server.Rest;

namespace Personalize.Benchmarks.Http;

/// <summary>What runs in a process of its own: <c>server KIND FOLDER</c>. Says its port when it is ready, ends when its input does.</summary>
internal static class Servers
{
    /// <summary>The product with its engine.</summary>
    public const string Own = "own";

    /// <summary>The product's store and REST alone.</summary>
    public const string Quiet = "quiet";

    /// <summary>The baselines.</summary>
    public const string Raw = "raw";

    public static async Task Run(string kind, string folder)
    {
        using var raw = kind == Raw ? new RawServer(folder) : null;
        await using var app = raw?.Build() ?? (kind == Own ? OwnHost(folder) : QuietHost(folder));
        app.Urls.Clear();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        if (app.Services.GetService<Personalizer>() is { } engine)
            await engine.AtRest(CancellationToken.None);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Console.Out.WriteLineAsync(new Uri(address).Port.ToString(CultureInfo.InvariantCulture));
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static WebApplication OwnHost(string folder) =>
        ServerHost.Build(new LaunchSettings { Data = folder, Authorization = AuthorizationMode.None, Urls = "http://127.0.0.1:0" }, TimeProvider.System).Value;

    private static WebApplication QuietHost(string folder)
    {
        var room = StoreRoom.Open(new LaunchSettings { Data = folder }, TimeProvider.System).Value;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(_ => room.Store);
        var app = builder.Build();
        app.Services.GetRequiredService<Personalize.Store.IResourceStore>();
        RestEndpoint.Map(app, new RestServices(room.Store, room.Intake, new KnownTerms(room.Store, room.Program), OpenAccess.Operator, new PageLinks(PageLinks.KeyOf(folder), TimeProvider.System), TimeProvider.System, room.NewId));
        return app;
    }
}
