using System.Diagnostics;
using System.Text;

namespace Personalize.Server.Tests.Verbs;

/// <summary>The real program in a process of its own.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>What it wrote so far, both streams.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    /// <summary>Starts <c>personalize</c> with these arguments, in a folder from which the project's launch settings are not seen but the program's own are.</summary>
    public static ProgramRun Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts it with more in its environment.</summary>
    public static ProgramRun Start((string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["XDG_DATA_HOME"] = Path.Combine(AppContext.BaseDirectory, "state"); // what load remembers of servers is not to land in the home of whoever runs the tests
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "personalize.dll"));
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        var run = new ProgramRun(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Runs to the end and gives the exit code.</summary>
    public static async Task<(int Code, string Text)> ToEnd(params string[] arguments)
    {
        await using var run = Start(arguments);
        return await run.End();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Text)> End()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.WaitForExit();
        return (_process.ExitCode, Text);
    }

    /// <summary>Waits until it says where it listens.</summary>
    public async Task Listening()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await Task.WhenAny(_listening.Task, _process.WaitForExitAsync(limit.Token));
        Assert.True(_listening.Task.IsCompleted, Text);
    }

    /// <summary>Waits until it has said that.</summary>
    public async Task Said(string text)
    {
        for (var waited = 0; !Text.Contains(text, StringComparison.Ordinal); waited++)
        {
            Assert.True(waited < 1200 && !_process.HasExited, Text);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>SIGTERM, as a service manager stops it; gives the exit code.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no word of farewell.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_text)
            _text.AppendLine(line);
        if (line?.StartsWith("FHIR base", StringComparison.Ordinal) == true)
            _listening.TrySetResult();
    }
}
