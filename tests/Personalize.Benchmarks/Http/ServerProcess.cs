using System.Diagnostics;
using System.Globalization;

namespace Personalize.Benchmarks.Http;

/// <summary>One of the <see cref="Servers"/> in a process of its own; disposing it ends it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>Starts it; it is ready when this answers.</summary>
    public static async Task<ServerProcess> Start(string kind, string folder)
    {
        var process = Child(["server", kind, folder]);
        var line = await process.StandardOutput.ReadLineAsync();
        return int.TryParse(line, CultureInfo.InvariantCulture, out var port) ? new(process, port) : throw new InvalidOperationException($"The server '{kind}' did not start: {line}");
    }

    /// <summary>This program again, with other arguments and the garbage collector of the product.</summary>
    public static Process Child(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Self(), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "1";
        start.Environment["DOTNET_GCConserveMemory"] = "7";
        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Under the command dotnet the program is its first argument.
    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
