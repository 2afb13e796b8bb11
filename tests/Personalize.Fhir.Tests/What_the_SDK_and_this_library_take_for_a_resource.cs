using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hl7.Fhir.Serialization;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Validation;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Fhir.Tests;

/// <summary>The official examples and the synthetic records (where they are absent, our own people) as they are, and with each element changed in many ways, read here and by the Firely SDK's strict parser: is it a resource of FHIR R4?
/// Where they differ for a reason, the kind of difference stands in ParseDifferences.txt with who is right by the specification.</summary>
/// <remarks>Each change for each element of each type of resource: <c>PERSONALIZE_DIFFERENCES=all dotnet test -c Release tests/Personalize.Fhir.Tests --filter FullyQualifiedName~What_the_SDK</c>.</remarks>
public sealed class What_the_SDK_and_this_library_take_for_a_resource(ITestOutputHelper output)
{
    private const int ShownDifferences = 60;
    private const int LongestChanged = 60_000;
    private static readonly BaseFhirJsonDeserializer _sdk = FhirJsonDeserializer.STRICT;
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch);

    private readonly ConcurrentDictionary<string, string> _differences = new();
    private int _compared;
    private int _accepted;

    [Fact]
    [Trait("Category", "Slow")]
    public void Is_the_same_but_for_listed_differences()
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        var accepted = new ConcurrentBag<(string File, byte[] Json)>();
        Parallel.ForEach(Originals(), parallel, example =>
        {
            var name = Path.GetFileName(example.File);
            if (Compare(new("as it is", name, example.Json), name) && example.Json.Length < LongestChanged)
                accepted.Add((name, example.Json));
        });
        Parallel.ForEach(Partitioner.Create(Changed(accepted), EnumerablePartitionerOptions.NoBuffering), parallel, changed => Compare(changed.Alteration, changed.File));
        var listed = Listed().ToHashSet(StringComparer.Ordinal);
        output.WriteLine($"{_compared} documents compared, {_accepted} of them resources for both; {_differences.Count} kinds of change are judged differently");
        var unexpected = _differences.Where(d => !listed.Contains(d.Key)).Select(d => $"{d.Key} | {d.Value}").Order(StringComparer.Ordinal).ToList();
        Assert.True(unexpected.Count == 0, $"These are judged differently and are not listed ({unexpected.Count}):\n" + string.Join('\n', unexpected.Take(ShownDifferences)));
        var settled = listed.Where(l => Corpora.AreHere && !_differences.ContainsKey(l)).ToList();
        Assert.True(settled.Count == 0, "These are judged alike; take them off the list:\n" + string.Join('\n', settled));
        Assert.InRange(_accepted, _compared / 10, _compared / 10 * 9);
        Assert.InRange(_compared, Corpora.AreHere ? 40_000 : 3_000, int.MaxValue);
    }

    // Small ones first, so that each definition is looked for where it costs least; the same order in each run.
    private static IEnumerable<(Alteration Alteration, string File)> Changed(IEnumerable<(string File, byte[] Json)> resources)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, json) in resources.OrderBy(r => r.Json.Length).ThenBy(r => r.File, StringComparer.Ordinal).ThenBy(r => Convert.ToHexString(SHA256.HashData(r.Json)), StringComparer.Ordinal))
            foreach (var alteration in new Alterations(Stored.Parse(json).Value, seen, IsAll).All())
                yield return (alteration, file);
    }

    // The project's own people, where the official examples are not there.
    private static List<(string File, byte[] Json)> Originals() =>
        [.. Corpora.AreHere ? Examples.Read() : Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json").Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllBytes(f)))];

    private static bool IsAll => Environment.GetEnvironmentVariable("PERSONALIZE_DIFFERENCES") == "all";

    // Side | where; where | what; what | reason: each where with each what. What only each change of each element shows has a + before it.
    private static IEnumerable<string> Listed() => File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "ParseDifferences.txt"))
        .Where(l => l.Length > 0 && l[0] != '#' && (IsAll || l[0] != '+')).Select(l => l.TrimStart('+', ' ').Split(" | "))
        .SelectMany(l => l[1].Split("; ").SelectMany(where => l[2].Split("; ").Select(what => $"{l[0]} | {where} | {what}")));

    /// <summary>True when it is a resource for both.</summary>
    private bool Compare(Alteration changed, string file)
    {
        var (here, there) = (Here(changed.Json), There(changed.Json));
        Interlocked.Increment(ref _compared);
        if (here is null && there is { } fault && fault.Contains("PVAL11", StringComparison.Ordinal))
            // What is wrong with a narrative is a matter of constraints here (txt-1, txt-2).
            here = Validator.Validate(Stored.Parse(changed.Json).Value, _context).FirstOrDefault(i => i.IsError)?.Text;
        if (here is null && there is null)
            Interlocked.Increment(ref _accepted);
        else if (here is null || there is null)
            _differences.TryAdd($"{(here is null ? "only there refused" : "only here refused")} | {changed.Where} | {changed.What}", $"{here ?? there} ({file})");
        return here is null && there is null;
    }

    /// <summary>What is wrong with it; null when it is a resource.</summary>
    private static string? Here(ReadOnlyMemory<byte> json) =>
        Stored.Parse(json).TryGet(out var resource, out var failure) ? Validator.Validate(resource).FirstOrDefault(i => i.IsError)?.Text : failure.Issues[0].Text;

    private static string? There(ReadOnlyMemory<byte> json)
    {
        try
        {
            return _sdk.TryDeserializeResource(Encoding.UTF8.GetString(json.Span), out _, out var issues) ? null : string.Join(", ", issues.Select(i => $"{i.ErrorCode} {i.Message}").Distinct());
        }
        catch (Exception fault)
        {
            // Whatever it throws, of bad JSON as of its own: it does not take it for a resource.
            return fault.Message;
        }
    }
}
