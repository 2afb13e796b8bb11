using System.Net.Sockets;
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
        if (!(await Started(app, settings.Urls, ct)).TryGet(out _, out failure))
        {
            await Stop(app);
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        }
        Banner(app, settings.Log);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping);
        if (!await SamplesAreThere(app, settings, () => time.GetElapsedTime(start), stopping.Token))
        {
            await Stop(app);
            return ExitCode.Failed;
        }
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Fine;
    }

    /// <summary>Lets what runs in the background come to its end: disposing the host alone would close the store under it.</summary>
    private static Task Stop(WebApplication app) => app.StopAsync(CancellationToken.None);

    /// <summary>Loads the samples where they are due; false when they were refused. A stop in the middle is no fault: the next start goes on.</summary>
    private static async Task<bool> SamplesAreThere(WebApplication app, LaunchSettings settings, Func<TimeSpan> took, CancellationToken stopping)
    {
        try
        {
            return !await FirstStart.IsDue(settings, app.Services.GetRequiredService<IResourceStore>(), stopping) || await Samples(app, settings, took, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
    }

    private static async Task<bool> Samples(WebApplication app, LaunchSettings settings, Func<TimeSpan> took, CancellationToken stopping)
    {
        if (!(await FirstStart.Load(settings, app.Services.GetRequiredService<RestServices>(), stopping)).TryGet(out var tally, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Failed) == ExitCode.Fine;
        foreach (var trouble in tally.Troubles)
            await Console.Error.WriteLineAsync($"{trouble.File}, {trouble.Entry}: {trouble.Text}");
        if (!tally.Troubles.IsEmpty)
            return false;
        await app.Services.GetRequiredService<Personalizer>().AtRest(stopping);
        Console.Out.WriteLine(await FirstStart.Summary(app.Services.GetRequiredService<IResourceStore>(), took(), stopping));
        return true;
    }

    private static async Task<Outcome<WebApplication>> Started(WebApplication app, string urls, CancellationToken ct)
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
        catch (SocketException trouble)
        {
            return new Failure.Conflict($"Nothing can listen on {urls} here ({trouble.SocketErrorCode}): give --urls with an address of this machine.");
        }
        catch (InvalidOperationException) when (urls.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure.Conflict("An https address needs a certificate: name it in Kestrel__Certificates__Default__Path, or let a proxy end TLS before an http address.");
        }
    }

    private static void Banner(WebApplication app, LogForm form)
    {
        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            if (form == LogForm.Json)
                Log.Listening(app.Logger, $"{address}/fhir");
            else
                Console.Out.WriteLine($"FHIR base      {address}/fhir{Environment.NewLine}Practice page  {address}/practice");
    }
}
