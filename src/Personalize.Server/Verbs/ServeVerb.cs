using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>serve</c>: starts the host, says where it is, and runs until it is told to stop.</summary>
internal static class ServeVerb
{
    public static async Task<int> Run(LaunchSettings settings, TimeProvider time, CancellationToken ct)
    {
        await using var app = ServerHost.Build(settings, time);
        if (await Start(app, ct) is { } refused)
            return await CommandTree.Refuse(refused, ExitCode.Unreachable);
        Banner(app);
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Fine;
    }

    private static async Task<Failure?> Start(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
            return null;
        }
        catch (IOException trouble) when (trouble.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
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
