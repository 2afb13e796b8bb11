using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Rest;
using Personalize.Server.Verbs;

namespace Personalize.Server.Tests.Verbs;

public sealed class Serving(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refuses_what_cannot_be_in_one_line_and_with_a_code()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await Refused(ProgramRun.ToEnd, 3, "address already in use", "--launch", "open", "--data", Data, "--urls", $"http://127.0.0.1:{port}");
        await Refused(VerbRun.ToEnd, 2, "loopback", "--launch", "open", "--data", Data, "--urls", "http://0.0.0.0:18080");
        await Refused(VerbRun.ToEnd, 2, "loopback", "serve", "--data", Data, "--urls", "http://*:18080");
        await Refused(VerbRun.ToEnd, 2, "launch-settings/nowhere.json", "--launch", "nowhere");
        await Refused(VerbRun.ToEnd, 2, "body limit", "--launch", "open", "--max-body", "lots");
        await Refused(VerbRun.ToEnd, 3, "AddressNotAvailable", "--launch", "sqlite", "--data", Data, "--urls", "http://192.0.2.7:18080"); // an address for documentation, of no machine
        await Refused(VerbRun.ToEnd, 3, "certificate", "--launch", "sqlite", "--data", Data, "--urls", "https://127.0.0.1:18443");
        var damaged = _folder.Private("damaged");
        await File.WriteAllTextAsync(Path.Combine(damaged, "store.db"), new string('x', 9000), TestContext.Current.CancellationToken);
        await Refused(VerbRun.ToEnd, 3, "damaged", "--launch", "open", "--data", damaged, "--urls", "http://127.0.0.1:0");
        await using var held = StoreRoom.Open(new LaunchSettings { Data = Data }, TimeProvider.System).Value.Store;
        await Refused(ProgramRun.ToEnd, 3, "", "--launch", "open", "--data", Data, "--urls", "http://127.0.0.1:0");
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__Http__Url")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    public async Task Stays_on_loopback_whatever_the_environment_says(string variable)
    {
        var value = variable.EndsWith("PORTS", StringComparison.Ordinal) ? "18309" : "http://0.0.0.0:18309";
        await using var run = ProgramRun.Start([(variable, value)], ["--launch", "open", "--data", Data, "--urls", "http://127.0.0.1:0"]);
        await run.Listening();
        Assert.Equal(0, await run.Stop());
        Assert.Single(Regex.Matches(run.Text, "FHIR base"));
        Assert.Matches(@"FHIR base +http://127\.0\.0\.1:\d+/fhir", run.Text);
    }

    [Fact]
    public async Task Loads_the_samples_once_works_them_out_and_says_what_it_did()
    {
        var clock = Stopwatch.StartNew();
        await using (var first = ProgramRun.Start("--data", Data, "--urls", "http://127.0.0.1:0"))
        {
            await first.Said("people,");
            Assert.Matches(@"FHIR base +http://127\.0\.0\.1:\d+/fhir", first.Text);
            Assert.Matches(@"Practice page +http://127\.0\.0\.1:\d+/practice", first.Text);
            Assert.Matches(@"\b(1[4-9]|[2-9]\d) people, \d{3,} resources, \d{2,} memberships in \d{2} segments, \d{2,} suggestions, \d+\.\d s", first.Text);
            output.WriteLine($"From the start of the process until all was worked out: {clock.Elapsed.TotalSeconds:0.0} s.");
            Assert.Equal(0, await first.Stop());
        }
        await using var second = ProgramRun.Start("--data", Data, "--urls", "http://127.0.0.1:0");
        await second.Listening();
        Assert.Equal(0, await second.Stop());
        Assert.DoesNotContain("loading", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_samples_as_current_as_on_the_day_for_which_they_were_written()
    {
        await using var server = await RunningServer.Start(s => s with { Samples = true });
        var (settings, services) = (server.Services.GetRequiredService<LaunchSettings>(), server.Services.GetRequiredService<RestServices>());
        Assert.Empty((await FirstStart.Load(settings, services, TestContext.Current.CancellationToken)).Value.Troubles);
        var visits = (await server.Http.Ask("GET", "Encounter?_sort=-date&_count=1").Good()).Entries().Single().GetProperty("resource").GetProperty("period").GetProperty("start").GetString()!;
        Assert.InRange(DateTimeOffset.Parse(visits, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(60));
    }

    private static async Task Refused(Func<string[], Task<(int Code, string Text)>> run, int code, string says, params string[] arguments)
    {
        var (ended, text) = await run(arguments);
        Assert.True(code == ended, text);
        Assert.StartsWith("personalize: ", Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), StringComparison.Ordinal);
        Assert.Contains(says, text, StringComparison.Ordinal);
    }
}
