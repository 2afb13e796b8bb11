using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Personalize.Fhir.Primitives;
using Personalize.Server.Flow;
using Personalize.Server.Rest;
using Personalize.Store;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>serve</c>: starts the host, says where it is, and runs until it is told to stop.</summary>
internal static class ServeVerb
{
    public static async Task<int> Run(LaunchSettings settings, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        if (!ServerHost.Build(settings, time).TryGet(out var app, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        await using var host = app;
        if (!(await Started(app, ct)).TryGet(out _, out failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        Banner(app);
        if (await FirstStart.IsDue(settings, app.Services.GetRequiredService<IResourceStore>(), ct) && !await Samples(app, settings, () => time.GetElapsedTime(start), ct))
            return ExitCode.Failed;
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Fine;
    }

    private static async Task<bool> Samples(WebApplication app, LaunchSettings settings, Func<TimeSpan> took, CancellationToken ct)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping);
        if (!(await FirstStart.Load(settings, app.Services.GetRequiredService<RestServices>(), stopping.Token)).TryGet(out var tally, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Failed) == ExitCode.Fine;
        foreach (var trouble in tally.Troubles)
            await Console.Error.WriteLineAsync($"{trouble.File}, {trouble.Entry}: {trouble.Text}");
        if (!tally.Troubles.IsEmpty)
            return false;
        await app.Services.GetRequiredService<Personalizer>().AtRest(stopping.Token);
        Console.Out.WriteLine(await FirstStart.Summary(app.Services.GetRequiredService<IResourceStore>(), took(), stopping.Token));
        return true;
    }

    private static async Task<Outcome<WebApplication>> Started(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
            return app;
        }
        catch (IOException trouble) when (trouble.InnerException is AddressInUseException)
        {
            return new Failure.Conflict($"{trouble.Message.TrimEnd('.')}. Stop the other program or give --urls.");
        }
    }

    private static void Banner(WebApplication app)
    {
        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            Console.Out.WriteLine($"FHIR base      {address}/fhir");
            Console.Out.WriteLine($"Practice page  {address}/practice");
        }
    }
}
