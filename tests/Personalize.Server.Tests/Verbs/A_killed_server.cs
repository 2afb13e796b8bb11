using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Personalize.Server.Tests.Verbs;

/// <summary>A server that is killed in the middle of loading, again and again: as often as <c>PERSONALIZE_KILLS</c> says.</summary>
[Trait("Category", "Slow")]
public sealed class A_killed_server(ITestOutputHelper output) : IDisposable
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("PERSONALIZE_KILLS") ?? "8", CultureInfo.InvariantCulture);
    private const int EntriesEach = 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Has_every_answered_commit_and_none_half()
    {
        var url = $"http://127.0.0.1:{Loopback.FreePort()}";
        using var http = new HttpClient { BaseAddress = new Uri(url + "/fhir/") };
        var answered = new ConcurrentBag<string>();
        var moments = new Random(20261123);
        var sent = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = ProgramRun.Start("serve", "--launch", "open", "--urls", url, "--data", _folder.Path);
            await server.Listening();
            var before = answered.Count;
            var senders = Enumerable.Range(0, 4).Select(_ => Send(http, () => Interlocked.Increment(ref sent), answered)).ToList();
            await Eventually(() => answered.Count > before + 2);
            await Task.Delay(moments.Next(400), TestContext.Current.CancellationToken); // so that each kill meets another moment
            await server.Kill();
            await Task.WhenAll(senders);
        }
        await using var last = ProgramRun.Start("serve", "--launch", "open", "--urls", url, "--data", _folder.Path);
        await last.Listening();
        Assert.True(sent > answered.Count, "no kill came while a transaction was on its way");
        await EachIsWholeOrAbsent(http, sent, [.. answered]);
        var (code, text) = await ProgramRun.ToEnd("check", "--launch", "open", "--data", _folder.Path);
        Assert.True(code == 0, text);
        output.WriteLine($"{Kills} kills, {sent} transactions of {EntriesEach} sent, {answered.Count} answered. {text}");
    }

    private static async Task Eventually(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static async Task Send(HttpClient http, Func<int> next, ConcurrentBag<string> answered)
    {
        while (true)
        {
            var name = $"t{next()}";
            try
            {
                using var response = await http.Ask("POST", "", Transaction(name));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                return; // the server is dead: what was on its way was not answered
            }
            answered.Add(name);
        }
    }

    private static async Task EachIsWholeOrAbsent(HttpClient http, int sent, HashSet<string> answered)
    {
        for (var number = 1; number <= sent; number++)
        {
            var count = (await http.Ask("GET", $"Basic?identifier=urn:kill|t{number}&_summary=count").Good()).GetProperty("total").GetInt32();
            Assert.True(count == EntriesEach || (count == 0 && !answered.Contains($"t{number}")), $"transaction {number}: {count} of {EntriesEach}, answered: {answered.Contains($"t{number}")}");
        }
    }

    private static string Transaction(string name)
    {
        var entries = Enumerable.Range(0, EntriesEach).Select(_ => $$"""{"resource":{"resourceType":"Basic","identifier":[{"system":"urn:kill","value":"{{name}}"}],"code":{"text":"x"} },"request":{"method":"POST","url":"Basic"} }""");
        return new StringBuilder("""{"resourceType":"Bundle","type":"transaction","entry":[""").AppendJoin(',', entries).Append("]}").ToString();
    }
}
