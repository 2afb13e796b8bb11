using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Personalize.Server.Verbs;
using Personalize.Store;

namespace Personalize.Server.Tests.Verbs;

public sealed class Loading : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    private string Given(string name, string content)
    {
        var file = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    private Task<(int Code, string Text)> Load(params string[] arguments) => VerbRun.ToEnd(Command(arguments));

    private string[] Command(params string[] arguments) => ["load", "--launch", "open", "--data", Data, .. arguments];

    private async Task<T> Opened<T>(Func<IResourceStore, Task<T>> ask)
    {
        await using var store = StoreRoom.Open(new LaunchSettings { Data = Data }, TimeProvider.System).Value.Store;
        return await ask(store);
    }

    private Task<IReadOnlyDictionary<string, long>> Counts() => Opened<IReadOnlyDictionary<string, long>>(async store => (await store.Counts(TestContext.Current.CancellationToken)).ByType);

    [Fact]
    public async Task Takes_bundles_resources_collections_and_lines_and_skips_what_was_finished()
    {
        Given("in/b.json", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/a"}}]}""");
        Given("in/c.json", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0d5d5a7e-6a0c-4a0e-8a39-0d6e6f1e0c01","resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Basic","id":"x","code":{"text":"x"},"subject":{"reference":"urn:uuid:0d5d5a7e-6a0c-4a0e-8a39-0d6e6f1e0c01"}}}]}""");
        Given("in/one.json", """{"resourceType":"Patient","id":"one"}""");
        Given("in/more.ndjson", "{\"resourceType\":\"Group\",\"id\":\"g1\",\"type\":\"person\",\"actual\":true}\n\n{\"resourceType\":\"Group\",\"id\":\"g2\",\"type\":\"person\",\"actual\":true}\r\n");
        Given("in/index.json", "[1,2]");
        var (code, text) = await Load(_folder.At("in"));
        Assert.True(code == 0, text);
        Assert.Contains("4 files, 6 resources taken, 0 errors", text, StringComparison.Ordinal);
        Assert.Contains("index.json: not FHIR", text, StringComparison.Ordinal);
        var counts = await Counts();
        Assert.Equal((3L, 1L, 2L), (counts["Patient"], counts["Basic"], counts["Group"]));
        Assert.Contains("0 files, 0 resources taken, 0 errors, 4 files finished before", (await Load(_folder.At("in"))).Text, StringComparison.Ordinal);
        Assert.Contains("4 files, 6 resources taken", (await Load(_folder.At("in"), "--again")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Puts_hospitals_and_practitioners_first()
    {
        var patient = Given("in/a.json", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner?identifier=urn:n|1"}]},"request":{"method":"POST","url":"Patient"}}]}""");
        var practitioner = Given("in/z.json", """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Practitioner","identifier":[{"system":"urn:n","value":"1"}]},"request":{"method":"POST","url":"Practitioner"}}]}""");
        Assert.Equal([practitioner, patient], LoadFiles.Find([_folder.At("in")], _ => { }).Value);
        var (code, text) = await Load(_folder.At("in"));
        Assert.True(code == 0, text);
    }

    [Fact]
    public async Task Names_the_entry_that_is_refused_and_goes_on()
    {
        Given("in/bad.json", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/a"}},{"resource":{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner?identifier=urn:n|none"}]},"request":{"method":"POST","url":"Patient"}}]}""");
        Given("in/batch.json", """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"b"},"request":{"method":"PUT","url":"Patient/b"}},{"resource":{"resourceType":"Patient","id":"c","gender":"x"},"request":{"method":"PUT","url":"Patient/c"}}]}""");
        Given("in/lines.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"d\"}\n{\"resourceType\":\"Patient\",\"id\":\"e\",\"nonsense\":1}\n{bad\n{\"resourceType\":\"Patient\",\"id\":\"f\"}");
        var (code, text) = await Load(_folder.At("in"));
        Assert.Equal(1, code);
        Assert.Contains("bad.json, Bundle.entry[1]", text, StringComparison.Ordinal);
        Assert.Contains("batch.json, Bundle.entry[1]", text, StringComparison.Ordinal);
        Assert.Contains("lines.ndjson, line 2", text, StringComparison.Ordinal);
        Assert.Contains("lines.ndjson, line 3", text, StringComparison.Ordinal);
        Assert.Contains("3 files, 3 resources taken, 4 errors", text, StringComparison.Ordinal);
        Assert.Equal(3, (await Counts())["Patient"]);
    }

    [Fact]
    public async Task Refuses_a_locked_folder_an_unreachable_server_and_a_wrong_command()
    {
        var file = Given("in/one.json", """{"resourceType":"Patient","id":"one"}""");
        await Opened(async _ =>
        {
            var (code, text) = await ProgramRun.ToEnd(Command(file));
            Assert.Equal(3, code);
            Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            return 0;
        });
        Assert.Equal(3, (await ProgramRun.ToEnd(Command(file, "--to", "http://127.0.0.1:9/fhir"))).Code);
        Assert.Equal(2, (await Load(file + ".not")).Code);
        Assert.Equal(2, (await Load(file, "--to", "nowhere")).Code);
        Assert.Equal(2, (await VerbRun.ToEnd("load", "--launch", "nowhere", file)).Code);
        Assert.NotEqual(0, (await ProgramRun.ToEnd("load")).Code);
    }

    [Fact]
    public async Task Finds_paths_where_it_is_called_and_beside_the_launch_settings()
    {
        // Beside the program lie its launch settings and the sample bundles; the process is started elsewhere.
        var (code, text) = await ProgramRun.ToEnd(Command("sample-bundles/practice.json"));
        Assert.True(code == 0, text);
        var (missing, told) = await ProgramRun.ToEnd(Command("sample-bundles/nobody.json"));
        Assert.Equal(2, missing);
        Assert.Contains("There is no file or folder sample-bundles/nobody.json in ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_a_folder_without_fhir_and_a_file_that_breaks_off()
    {
        var empty = Directory.CreateDirectory(_folder.At("empty")).FullName;
        var (code, text) = await Load(empty);
        Assert.Equal(2, code);
        Assert.Contains("There is no FHIR in", text, StringComparison.Ordinal);
        Given("mixed/settings.json", """{"a":1}""");
        Given("mixed/cut.json", """{"resourceType":"Patient",""");
        Given("mixed/good.json", """{"resourceType":"Patient","id":"g"}""");
        Given("mixed/gaps.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"h\"}\n\n\n{bad\n");
        (code, text) = await Load(Path.Combine(_folder.Path, "mixed"));
        Assert.Equal(1, code);
        Assert.Contains("settings.json: not FHIR, left out", text, StringComparison.Ordinal);
        Assert.Contains("cut.json: The input ends too early.", text, StringComparison.Ordinal);
        Assert.Contains("gaps.ndjson, line 4:", text, StringComparison.Ordinal);
        Assert.Equal(2, (await Counts())["Patient"]);
    }

    [Fact]
    public async Task Goes_to_a_server_as_well()
    {
        await using var server = await RunningServer.Start();
        var file = Given("in/one.json", $$"""{"resourceType":"Patient","id":"one","name":[{"text":"{{Guid.NewGuid()}}"}]}""");
        var (code, text) = await ProgramRun.ToEnd("load", "--launch", "open", "--to", new Uri(server.Address, "/fhir").ToString(), file);
        Assert.True(code == 0, text);
        await server.Http.Ask("GET", "Patient/one").Good();
    }

    [Fact]
    public async Task Asks_for_a_token_where_one_is_needed()
    {
        await using var server = await RunningServer.Start(s => s with { Authorization = AuthorizationMode.Embedded });
        var (code, text) = await ProgramRun.ToEnd("load", "--launch", "open", "--to", new Uri(server.Address, "/fhir").ToString(), Given("in/one.json", """{"resourceType":"Patient","id":"one"}"""), "--again");
        Assert.Equal(3, code);
        Assert.Contains("wants an access token", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_over_the_mark_that_some_programs_put_before_a_text()
    {
        var (code, text) = await Load(Given("in/one.json", "\uFEFF{\"resourceType\":\"Patient\",\"id\":\"one\"}"), Given("in/two.ndjson", "\uFEFF{\"resourceType\":\"Patient\",\"id\":\"two\"}\n"));
        Assert.True(code == 0, text);
        Assert.Equal(2, (await Counts())["Patient"]);
    }

    [Theory]
    [InlineData("synthea/2019-massachusetts")]
    [InlineData("synthea/2024-single-child")]
    public async Task Takes_all_synthetic_patients_with_right_counts_by_type(string corpus)
    {
        var folder = Corpora.Folder(corpus);
        var (code, text) = await Load(folder);
        Assert.True(code == 0, text);
        Assert.Equal(CountsIn(Bundles(folder)), await Counts());
    }

    [Fact]
    public Task Through_post_gives_the_same_counts_by_type() => ThroughPost("synthea/2024-single-child");

    [Fact]
    [Trait("Category", "Slow")]
    public Task Through_post_gives_the_same_counts_by_type_of_many_patients() => ThroughPost("synthea/2019-massachusetts");

    private static async Task ThroughPost(string corpus)
    {
        var folder = Corpora.Folder(corpus);
        await using var server = await RunningServer.Start();
        foreach (var file in LoadFiles.Find([folder], _ => { }).Value)
        {
            var response = await server.Http.Ask("POST", "", await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).Good();
            Assert.All(response.Entries(), e => Assert.StartsWith("20", e.GetProperty("response").GetProperty("status").GetString(), StringComparison.Ordinal));
        }
        await server.AtRest();
        foreach (var (type, count) in CountsIn(Bundles(folder)))
            Assert.Equal((type, count), (type, await Found(server, type) - await OfTheEngine(server, type)));
    }

    private static async Task<long> OfTheEngine(RunningServer server, string type) => type switch
    {
        "Provenance" => await Found(server, "Provenance", "&agent=Device/personalize-engine"),
        "Device" => await Found(server, "Device", "&_id=personalize-engine"),
        _ => 0,
    };

    private static async Task<long> Found(RunningServer server, string type, string more = "") => (await server.Http.Ask("GET", $"{type}?_summary=count{more}").Good(HttpStatusCode.OK)).GetProperty("total").GetInt64();

    // How many resources of each type the bundles hold; one that says ifNoneExist counts once for each condition.
    private static SortedDictionary<string, long> CountsIn(IEnumerable<string> files)
    {
        var (counts, conditions) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new HashSet<string>());
        foreach (var file in files)
            foreach (var entry in JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("entry").EnumerateArray())
            {
                var type = entry.GetProperty("resource").GetProperty("resourceType").GetString()!;
                if (!entry.GetProperty("request").TryGetProperty("ifNoneExist", out var condition) || conditions.Add(type + condition.GetString()))
                    counts[type] = counts.GetValueOrDefault(type) + 1;
            }
        return counts;
    }

    private static IEnumerable<string> Bundles(string folder) =>
        Directory.EnumerateFiles(folder, "*.json").Where(f => JsonDocument.Parse(File.ReadAllBytes(f)).RootElement.ValueKind == JsonValueKind.Object);
}
