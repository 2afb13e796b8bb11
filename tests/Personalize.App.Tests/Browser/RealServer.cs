using System.Diagnostics;
using System.Text;

[assembly: AssemblyFixture(typeof(Personalize.App.Tests.Browser.RealServer))]

namespace Personalize.App.Tests.Browser;

/// <summary>The server as a user starts it: its own process, the demonstration's settings, the sample people, a data folder that goes when it stops. One for all browser tests; it starts when the first of them asks for it.</summary>
public sealed class RealServer : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);
    private readonly TempFolder _data = new();
    private readonly StringBuilder _said = new();
    private readonly Lazy<Task> _start;
    private Process? _process;

    public RealServer() => _start = new(Start);

    /// <summary>Ends when the sample people are worked out.</summary>
    public Task IsUp => _start.Value;

    /// <summary>Where it listens, once it is up.</summary>
    public string Root { get; private set; } = "";

    private async Task Start()
    {
        Root = $"http://localhost:{Loopback.FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "personalize.dll"), "--launch", "demo", "--urls", Root, "--data", _data.Path })
            start.ArgumentList.Add(argument);
        // What a test run sets for itself must not change the server.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || k.StartsWith("DOTNET_ENVIRONMENT", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        var settled = new TaskCompletionSource();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Heard(line.Data, settled);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data, settled);
        _process.Exited += (_, _) => settled.TrySetException(new InvalidOperationException($"The server stopped: {_said}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await settled.Task.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    // The last line of the first start tells what was worked out.
    private void Heard(string? line, TaskCompletionSource settled)
    {
        lock (_said)
            _said.AppendLine(line);
        if (line?.Contains(" suggestions, ", StringComparison.Ordinal) == true)
            settled.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync(CancellationToken.None);
        }
        _process?.Dispose();
        _data.Dispose();
    }
}
