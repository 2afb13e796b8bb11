using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Personalize.Server.Tests.Verbs;
using Personalize.Store;

namespace Personalize.Server.Tests;

public sealed class A_server_on_PostgreSQL : IDisposable
{
    private static int _last;

    private readonly TempFolder _folder = new();
    private readonly string _connection = NewSchema();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private static string NewSchema(PostgresServer? of = null)
    {
        var schema = $"server{Interlocked.Increment(ref _last)}";
        var server = (of ?? PostgresServer.Shared).ConnectionString;
        using var connection = new NpgsqlConnection(server);
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}", connection);
        command.ExecuteNonQuery();
        return $"{server};Search Path={schema}";
    }

    private Task<RunningServer> Start(string? connection = null)
    {
        File.WriteAllText(_folder.At("connection"), connection ?? _connection);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.At("connection"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return RunningServer.Start(settings => settings with { Postgres = new() { ConnectionFile = _folder.At("connection") } });
    }

    private static async Task LoadSamples(RunningServer server)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json").OrderBy(file => Path.GetFileName(file) != "practice.json").ThenBy(file => file, StringComparer.Ordinal))
        {
            using var response = await server.Http.Ask("POST", "", await File.ReadAllTextAsync(file, Ct));
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Ct));
        }
        await server.AtRest().WaitAsync(TimeSpan.FromMinutes(3), Ct);
    }

    private static ValueTask<StoreCounts> Counts(RunningServer server) => server.Services.GetRequiredService<IResourceStore>().Counts(Ct);

    [Fact]
    public async Task Works_out_its_people_and_is_the_same_after_a_restart()
    {
        StoreCounts before;
        await using (var server = await Start())
        {
            await LoadSamples(server);
            before = await Counts(server);
            Assert.InRange(before.ByType["Patient"], 10, 1000);
            Assert.InRange(before.ByType["Task"], 5, 10_000);
        }
        await using var again = await Start();
        await again.AtRest().WaitAsync(TimeSpan.FromMinutes(3), Ct);
        var after = await Counts(again);
        Assert.Equal((before.T, before.Total), (after.T, after.Total));
    }

    [Fact]
    public async Task Shares_its_database_with_others_who_see_at_once_what_it_answered()
    {
        await using var one = await Start();
        await using var other = await Start();
        for (var i = 0; i < 10; i++)
        {
            using var made = await one.Http.Ask("PUT", $"Patient/p{i}", $$"""{"resourceType":"Patient","id":"p{{i}}","name":[{"family":"Shared{{i}}"}]}""");
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            Assert.Contains($"\"p{i}\"", await other.Http.GetStringAsync(new Uri($"Patient?family=shared{i}", UriKind.Relative), Ct), StringComparison.Ordinal);
        }
        var store = other.Services.GetRequiredService<IResourceStore>();
        await store.WaitBeyond(9, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Says_when_to_try_again_while_its_database_is_away()
    {
        using var database = new PostgresServer(isDurable: true);
        await using var server = await Start(NewSchema(database));
        const string Patient = """{"resourceType":"Patient","id":"p"}""";
        using var before = await server.Http.Ask("PUT", "Patient/p", Patient);
        Assert.Equal(HttpStatusCode.Created, before.StatusCode);
        database.Stop();
        foreach (var (method, path) in new[] { ("PUT", "Patient/q"), ("GET", "Patient/p"), ("GET", "Patient?_id=p") })
        {
            using var away = await server.Http.Ask(method, path, method == "PUT" ? Patient.Replace("\"p\"", "\"q\"", StringComparison.Ordinal) : null);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, away.StatusCode));
            Assert.NotNull(away.Headers.RetryAfter);
        }
        database.Start();
        using var read = await server.Http.Ask("GET", "Patient/p");
        using var written = await server.Http.Ask("PUT", "Patient/q", Patient.Replace("\"p\"", "\"q\"", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created), (read.StatusCode, written.StatusCode));
    }

    [Fact]
    public async Task Is_backed_up_and_restored_by_the_commands_that_it_names()
    {
        await using (var server = await Start())
            await server.Http.Ask("PUT", "Patient/p", """{"resourceType":"Patient","id":"p","name":[{"family":"Kept"}]}""").Good(HttpStatusCode.Created);
        var file = _folder.At("a backup.dump");
        await Shell(await Command("backup", file));
        await Run("DROP SCHEMA \"" + new NpgsqlConnectionStringBuilder(_connection).SearchPath + "\" CASCADE");
        var (code, text) = await Program("check");
        Assert.True(code == 3, text);
        await Shell(await Command("restore", file));
        (code, text) = await Program("check");
        Assert.True(code == 0 && text.Contains("all is well", StringComparison.Ordinal), text);
        await using var again = await Start();
        Assert.Equal(["p"], (await again.Http.Ask("GET", "Patient?family=kept").Good()).Ids());
    }

    // The command stands behind the colon.
    private async Task<string> Command(string verb, string file)
    {
        var (code, text) = await Program(verb, file);
        Assert.True(code == 2, text);
        return text[(text.IndexOf("): ", StringComparison.Ordinal) + 3)..];
    }

    private async Task<(int Code, string Text)> Program(string verb, params string[] arguments)
    {
        await using var run = ProgramRun.Start([("PERSONALIZE_POSTGRES", _connection)], [verb, .. arguments, "--launch", "postgres", "--data", _folder.Path]);
        return await run.End();
    }

    private static async Task Shell(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true };
        start.Environment["PATH"] += Path.PathSeparator + PostgresServer.Programs;
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, command + error);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task Tells_what_a_bundle_wrote_when_its_database_breaks_off_a_read(string type)
    {
        await using var server = await Start();
        await server.AtRest();
        // Who reads these rows loses the connection.
        await Run("ALTER TABLE num RENAME TO num_rows; CREATE VIEW num AS SELECT * FROM num_rows UNION ALL SELECT pg_terminate_backend(pg_backend_pid())::int, 0, 0, 0, '', '', 0");
        using var response = await server.Http.Ask("POST", "", $$"""
            {"resourceType":"Bundle","type":"{{type}}","entry":[
              {"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","code":{"text":"kept"} } },
              {"request":{"method":"GET","url":"Observation?value-quantity=5"} },
              {"request":{"method":"GET","url":"Basic"} }]}
            """);
        var bundle = await response.Json();
        Assert.Equal((HttpStatusCode.OK, "Bundle"), (response.StatusCode, bundle.GetProperty("resourceType").GetString()));
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(["201", "503", "200"], bundle.Entries().Select(entry => entry.GetProperty("response").GetProperty("status").GetString()![..3]));
        Assert.Equal("transient", bundle.Entries().ElementAt(1).GetProperty("response").GetProperty("outcome").GetProperty("issue")[0].GetProperty("code").GetString());
        Assert.Equal(1, bundle.Entries().Last().GetProperty("resource").GetProperty("total").GetInt32());
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Is_not_ready_while_it_cannot_hear_of_what_others_commit()
    {
        await using var server = await Start();
        await server.AtRest();
        await Run("ALTER TABLE res RENAME TO res_rows");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ready(server, once: HttpStatusCode.ServiceUnavailable));
        await Run("ALTER TABLE res_rows RENAME TO res");
        Assert.Equal(HttpStatusCode.OK, await Ready(server, once: HttpStatusCode.OK));
    }

    private static async Task<HttpStatusCode> Ready(RunningServer server, HttpStatusCode once)
    {
        for (var tries = 120; ; tries--)
        {
            using var answer = await server.Http.GetAsync(new Uri(server.Address, "/health/ready"), Ct);
            if (answer.StatusCode == once || tries == 0)
                return answer.StatusCode;
            await Task.Delay(250, Ct);
        }
    }

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    [Fact]
    public async Task Starts_by_the_name_of_its_settings_and_says_what_it_misses()
    {
        var (code, text) = await ProgramRun.ToEnd("serve", "--launch", "postgres", "--data", _folder.Path);
        Assert.NotEqual(0, code);
        Assert.Contains("PERSONALIZE_POSTGRES", text, StringComparison.Ordinal);
        await using var server = ProgramRun.Start([("PERSONALIZE_POSTGRES", _connection)], ["serve", "--launch", "postgres", "--data", _folder.Path, "--urls", $"http://127.0.0.1:{Loopback.FreePort()}"]);
        await server.Listening();
        Assert.False(File.Exists(_folder.At("store.db")));
    }
}
