using System.Diagnostics;
using System.Net;

namespace Personalize.Server.Tests.Verbs;

/// <summary>A server whose data lie on a disk of their own, which fills up. Only who may mount disks can run it.</summary>
[Trait("Category", "Slow")]
public sealed class A_full_disk : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _disk;

    public A_full_disk() => _disk = _folder.Private("disk");

    public void Dispose()
    {
        Run("umount", "-l", _disk);
        _folder.Dispose();
    }

    [Fact]
    public async Task Is_answered_with_507_and_nothing_half_until_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", _disk), "A small disk cannot be mounted here.");
        var data = Path.Combine(_disk, "data");
        var filler = Path.Combine(_disk, "filler");
        await using var server = ProgramRun.Start("serve", "--launch", "open", "--urls", "http://127.0.0.1:0", "--data", data);
        await server.Listening();
        using var http = new HttpClient { BaseAddress = new Uri(System.Text.RegularExpressions.Regex.Match(server.Text, @"http://[\d.:]+/fhir").Value + "/") };
        var written = await Fill(http, filler);
        using (var refused = await Post(http, -1))
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Equal("no-store", (await Post(http, -2).Bad(HttpStatusCode.InsufficientStorage)).GetProperty("code").GetString());
        Assert.Equal(written * 5, await Count(http));

        File.Delete(filler);
        using (var taken = await Post(http, -3))
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal((written + 1) * 5, await Count(http));
        Assert.Equal(0, await server.Stop());
        var (code, text) = await ProgramRun.ToEnd("check", "--launch", "open", "--data", data);
        Assert.True(code == 0, text);
    }

    /// <summary>Takes all but a little room away, then writes until nothing goes any more; gives the transactions that were taken.</summary>
    private async Task<int> Fill(HttpClient http, string filler)
    {
        using (var rest = Process.Start(new ProcessStartInfo("bash", ["-c", $"head -c $(( $(df --output=avail -B1 '{_disk}' | tail -1) - 400000 )) /dev/zero > '{filler}'"]))!)
            await rest.WaitForExitAsync(TestContext.Current.CancellationToken);
        for (var number = 0; ; number++)
        {
            using var answer = await Post(http, number);
            if (answer.StatusCode != HttpStatusCode.OK)
                return number;
            Assert.True(number < 10_000, "the disk does not fill up");
        }
    }

    private static async Task<int> Count(HttpClient http) => (await http.Ask("GET", "Basic?_summary=count").Good()).GetProperty("total").GetInt32();

    private static Task<HttpResponseMessage> Post(HttpClient http, int number)
    {
        var entries = Enumerable.Range(0, 5).Select(_ => $$"""{"resource":{"resourceType":"Basic","identifier":[{"value":"{{number}}"}],"code":{"text":"{{new string('x', 3000)}}"} },"request":{"method":"POST","url":"Basic"} }""");
        return http.Ask("POST", "", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""");
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
