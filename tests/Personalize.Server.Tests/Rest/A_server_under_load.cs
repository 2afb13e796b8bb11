using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Rest;

namespace Personalize.Server.Tests.Rest;

public sealed class A_server_under_load(A_server_under_load.LongNames names) : IClassFixture<A_server_under_load.LongNames>
{
    [Theory]
    [InlineData(8, 1, HttpStatusCode.TooManyRequests, "throttled")]
    [InlineData(1, 8, HttpStatusCode.ServiceUnavailable, "transient")]
    public async Task Tells_to_come_back_when_too_much_is_in_work(int all, int ofOne, HttpStatusCode status, string code)
    {
        await using var server = await RunningServer.Start(s => s with { MaxRequests = all, MaxRequestsOfOne = ofOne });
        using var body = new SlowBody();
        using var slow = new HttpRequestMessage(HttpMethod.Post, "Basic") { Content = body };
        var waiting = server.Http.SendAsync(slow, TestContext.Current.CancellationToken);
        await body.Begun;
        await IsInWork(server);
        using var refused = await server.Http.Ask("GET", "Basic");
        Assert.Equal(status, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(code, (await refused.Json()).GetProperty("issue")[0].GetProperty("code").GetString());
        await server.Http.Ask("GET", "metadata").Good();
        body.Finish();
        Assert.Equal(HttpStatusCode.Created, (await waiting).StatusCode);
        await server.Http.Ask("GET", "Basic").Good();
    }

    [Fact]
    public async Task Takes_no_more_bodies_at_once_than_there_is_room_for()
    {
        await using var server = await RunningServer.Start(s => s with { MaxBody = "64KB", MaxBodies = "80KB" });
        var room = server.Services.GetRequiredService<RestServices>().Bodies;
        using var body = new SlowBody(new string(' ', 40_000));
        using var slow = new HttpRequestMessage(HttpMethod.Post, "Basic") { Content = body };
        var waiting = server.Http.SendAsync(slow, TestContext.Current.CancellationToken);
        while (room.Taken < 40_000)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        var large = $$"""{"resourceType":"Basic","code":{"text":"large"}{{new string(' ', 40_000)}}}""";
        using var refused = await server.Http.Ask("POST", "Basic", large);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal("transient", (await refused.Json()).GetProperty("issue")[0].GetProperty("code").GetString());
        await server.Http.Ask("POST", "Basic", """{"resourceType":"Basic","code":{"text":"small"}}""").Good(HttpStatusCode.Created);
        body.Finish();
        Assert.Equal(HttpStatusCode.Created, (await waiting).StatusCode);
        await server.Http.Ask("POST", "Basic", large).Good(HttpStatusCode.Created);
        Assert.Equal(0, room.Taken);
    }

    // The bytes are on their way; who asked before the server has begun with them would take their place.
    private static async Task IsInWork(RunningServer server)
    {
        var gate = server.Services.GetRequiredService<RestServices>().Gate;
        while (gate.InWork == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Breaks_off_a_search_that_takes_too_long()
    {
        var server = names.Server;
        using var form = new HttpRequestMessage(HttpMethod.Post, "Organization/_search") { Content = new FormUrlEncodedContent([new("name:contains", LongSearch)]) };
        var clock = Stopwatch.StartNew();
        using var answer = await server.Http.SendAsync(form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("timeout", (await answer.Json()).GetProperty("issue")[0].GetProperty("code").GetString());
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
        await server.Http.Ask("POST", "Organization", """{"resourceType":"Organization","name":"later"}""").Good(HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.OK, await OnceItIsInTime(server.Http, "Organization?_count=1"));
    }

    // A second is short on a machine that has other work.
    private static async Task<HttpStatusCode> OnceItIsInTime(HttpClient http, string path)
    {
        for (var tries = 30; ; tries--)
        {
            using var answer = await http.Ask("GET", path);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || tries == 0)
                return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Breaks_off_a_search_inside_a_transaction_and_still_tells_what_was_written()
    {
        var server = names.Server;
        object[] entries = [
            new { resource = new { resourceType = "Organization", name = "new" }, request = new { method = "POST", url = "Organization" } },
            new { request = new { method = "GET", url = "Organization?name:contains=" + LongSearch } },
        ];
        var answer = await server.Http.Ask("POST", "", JsonSerializer.Serialize(new { resourceType = "Bundle", type = "transaction", entry = entries })).Good();
        var statuses = answer.GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("response").GetProperty("status").GetString()![..3]);
        Assert.Equal(["201", "503"], statuses);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task Gives_the_reads_of_a_bundle_the_time_of_one(string type)
    {
        var server = names.Server;
        object search = new { request = new { method = "GET", url = "Organization?name:contains=" + LongSearch } };
        object[] entries = [search, search, search, new { resource = new { resourceType = "Organization", name = "new" }, request = new { method = "POST", url = "Organization" } }];
        using var response = await server.Http.Ask("POST", "", JsonSerializer.Serialize(new { resourceType = "Bundle", type, entry = entries }));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        var answers = (await response.Json()).GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("response")).ToList();
        Assert.Equal(["503", "503", "503", "201"], answers.Select(answer => answer.GetProperty("status").GetString()![..3]));
        Assert.All(answers.Take(3), answer => Assert.Equal("timeout", answer.GetProperty("outcome").GetProperty("issue")[0].GetProperty("code").GetString()));
        Assert.StartsWith("The reads before it", answers[2].GetProperty("outcome").GetProperty("issue")[0].GetProperty("details").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    // Each of many alternatives is looked for at each place of each long name.
    private static string LongSearch => string.Join(',', Enumerable.Range(0, 480).Select(n => new string('a', 60) + $"b{n}"));

    [Fact]
    public void Refuses_limits_that_are_none()
    {
        Assert.NotNull(new LaunchSettings { MaxRequests = 0 }.Checked().Failure);
        Assert.NotNull(new LaunchSettings { MaxRequestsOfOne = -1 }.Checked().Failure);
        Assert.NotNull(new LaunchSettings { MaxBodies = "much" }.Checked().Failure);
        Assert.NotNull(new LaunchSettings { MaxReadSeconds = 0 }.Checked().Failure);
    }

    /// <summary>A server in which a search may take a second, with names that take longer.</summary>
    public sealed class LongNames : IAsyncLifetime
    {
        private RunningServer? _server;

        public RunningServer Server => _server!;

        public async ValueTask InitializeAsync()
        {
            _server = await RunningServer.Start(s => s with { MaxReadSeconds = 1 });
            var name = new string('a', 20_000);
            var entries = Enumerable.Range(0, 300).Select(_ => new { resource = new { resourceType = "Organization", name }, request = new { method = "POST", url = "Organization" } });
            await Server.Http.Ask("POST", "", JsonSerializer.Serialize(new { resourceType = "Bundle", type = "transaction", entry = entries })).Good();
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    /// <summary>A body of which the last byte waits.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly string _spaces;

        public SlowBody(string spaces = "")
        {
            _spaces = spaces;
            Headers.ContentType = new("application/fhir+json");
        }

        public Task Begun => _begun.Task;

        public void Finish() => _rest.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("""{"resourceType":"Basic","code":{"text":"slow"}"""u8.ToArray());
            await stream.WriteAsync(Encoding.ASCII.GetBytes(_spaces));
            await stream.FlushAsync();
            _begun.SetResult();
            await _rest.Task;
            await stream.WriteAsync("}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
