using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Personalize.Server.Tests.Verbs;

namespace Personalize.Server.Tests;

public sealed class The_calls_of_the_readme
{
    private static string Calls([CallerFilePath] string here = "")
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../README.md"));
        return Regex.Match(readme, "```bash\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
    }

    // As long as it takes, on a busy machine too.
    private const string Wait = """for left in $(seq 200); do fhir "$BASE/fhir/Patient?family=Almgren&preferred-channel=phone" | grep Almgren > /dev/null && break; sleep 0.1; done""";

    /// <summary>The calls as they stand there, but for the address and the wait; gives the JSON documents that they printed.</summary>
    private static async Task<JsonNode[]> Run(string address, string folder)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync("set -euo pipefail\n" + Calls().Replace("http://localhost:8080", address, StringComparison.Ordinal).Replace("sleep 2", Wait, StringComparison.Ordinal));
        bash.StandardInput.Close();
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) + output);
        return Documents(Encoding.UTF8.GetBytes(output));
    }

    private static JsonNode[] Documents(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true });
        var documents = new List<JsonNode>();
        while (reader.Read())
            documents.Add(JsonNode.Parse(ref reader)!);
        return [.. documents];
    }

    private static int FreePort()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        return ((IPEndPoint)port.LocalEndpoint).Port;
    }

    private static IEnumerable<string> Ids(JsonNode bundle) => bundle["entry"]!.AsArray().Select(e => (string)e!["resource"]!["id"]!);

    [Fact]
    public async Task Answer_as_it_says()
    {
        Assert.Contains("\n# 10. ", Calls(), StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash, curl and openssl are needed.");
        var folder = Directory.CreateTempSubdirectory("readme-").FullName;
        try
        {
            var address = $"http://localhost:{FreePort()}";
            await using var program = ProgramRun.Start("--urls", address, "--data", Path.Combine(folder, "data"));
            await program.Said(" suggestions, ");
            var answers = await Run(address, folder);
            Assert.Equal(
                ["CapabilityStatement", "Bundle", "Bundle", "Bundle", "Parameters", "Parameters", "Bundle", "Bundle", "Bundle"],
                answers.Select(a => (string)a["resourceType"]!));
            Assert.Contains("segment-diabetes-above-goal", Ids(answers[1]));
            Assert.Contains("maria-santos", Ids(answers[2]));
            Assert.Contains("maria-santos", Ids(answers[3]));
            Assert.Contains("has-diabetes", answers[4].ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("Patient/maria-santos", answers[5].ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(["RequestGroup", "Task"], answers[6]["entry"]!.AsArray().Select(e => (string)e!["resource"]!["resourceType"]!).Distinct().Order());
            Assert.Equal("transaction-response", (string)answers[7]["type"]!);
            Assert.Single(Ids(answers[8]));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
