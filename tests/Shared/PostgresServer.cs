using System.ComponentModel;
using System.Diagnostics;

namespace Personalize.Tests;

/// <summary>A PostgreSQL server in a folder of its own, reached through a socket in it. It goes with the process that started it, however that ends.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> _shared = new(() => new PostgresServer(isDurable: false));
    private const string OwnSession = "/usr/bin/setsid";
    private static readonly string? _programs = Found();

    private readonly string _folder;
    private readonly bool _isDurable;
    private readonly Process _keeper;

    /// <summary>Makes and starts one.</summary>
    /// <param name="isDurable">False for tests that do not stop it: nothing is forced to disk.</param>
    public PostgresServer(bool isDurable)
    {
        Require();
        _isDurable = isDurable;
        _folder = Directory.CreateTempSubdirectory("personalize-pg-").FullName;
        if (IsRoot)
            Run("chown", "postgres", _folder);
        // Ends with us, by the end of its input: then the server stops and the folder goes. In a session of its own, so that what ends us does not end it before.
        _keeper = Start(_programs!, "sh", "-c", $"exec >/dev/null 2>&1; read _; '{_programs}/pg_ctl' -D '{_folder}/data' -m immediate stop; rm -rf '{_folder}'");
        AppDomain.CurrentDomain.ProcessExit += Gone;
        Pg("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        Start();
    }

    /// <summary>The server of all tests that do not stop it.</summary>
    public static PostgresServer Shared
    {
        get
        {
            Require();
            return _shared.Value;
        }
    }

    /// <summary>Whether the program is on this machine.</summary>
    public static bool IsHere => _programs is not null;

    /// <summary>The folder of its programs.</summary>
    public static string? Programs => _programs;

    /// <summary>How to reach it.</summary>
    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres";

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Skips the test where the program is missing.</summary>
    public static void Require() => Assert.SkipUnless(IsHere, "There is no PostgreSQL server program on this machine.");

    /// <summary>Starts it (again), and waits until it answers.</summary>
    public void Start() => Pg("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o",
        $"-k {_folder} -c listen_addresses='' -c fsync={(_isDurable ? "on" : "off")} -c full_page_writes={(_isDurable ? "on" : "off")} -c max_connections=200 -c shared_buffers=128MB", "start");

    /// <summary>Stops it at once, as a crash does.</summary>
    public void Crash() => Pg("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Stops it in order; who is connected is thrown out.</summary>
    public void Stop() => Pg("pg_ctl", "-D", Data, "-m", "fast", "-w", "stop");

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Gone;
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    // The keeper does the rest by itself: nobody waits for it when the process ends.
    private void Gone(object? sender, EventArgs e) => _keeper.StandardInput.Close();

    private static void Pg(string program, params string[] arguments)
    {
        // Nobody reads what it says, and the server must not keep the pipe of the test run open.
        using var process = Start("/", "sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", Path.Combine(_programs!, program), .. arguments]);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed.");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // The server refuses to run as root.
    private static Process Start(string folder, string program, params string[] arguments)
    {
        string[] words = IsRoot ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        if (File.Exists(OwnSession))
            words = [OwnSession, .. words];
        var start = new ProcessStartInfo(words[0], words[1..]);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = true;
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start) ?? throw new Win32Exception("The process did not start.");
    }

    private static string? Found()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, "bin")) : [];
        return path.Concat(debian).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
