using System.Globalization;
using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Search;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests;

/// <summary>Whatever comes in gets an answer: a resource or a failure, in bounded time and memory.</summary>
/// <remarks>Many inputs at once: <c>PERSONALIZE_FUZZ=10000000 dotnet test -c Release tests/Personalize.Fhir.Tests --filter FullyQualifiedName~Damaged_documents</c>; PERSONALIZE_FUZZ_SEED takes another seed than 1.</remarks>
public sealed class Damaged_documents(ITestOutputHelper output)
{
    private const int Everyday = 40_000;
    private const int LongestOriginal = 12_000;
    private const long MostBytes = 256L << 20;

    // Far more than any takes. Work is counted, not time, since a busy machine may stop for a while; that of tests beside it counts too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly FhirPathContext Context = new(DateTimeOffset.UnixEpoch) { Limits = FhirPathLimits.Posted };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonTree.MaxDepth };

    private readonly ResourceReader _reader = new();
    private readonly IndexEntries _entries = new();

    [Fact]
    public void Are_read_validated_and_indexed_or_refused()
    {
        var inputs = Given("PERSONALIZE_FUZZ", Everyday);
        var mutant = new Mutant(Originals(), Given("PERSONALIZE_FUZZ_SEED", 1));
        var (read, slowest, largest) = (0, TimeSpan.Zero, 0L);
        for (var input = 0; input < inputs; input++)
        {
            var bytes = mutant.Next();
            var (start, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            read += Judge(bytes, input) ? 1 : 0;
            (slowest, largest) = (Max(slowest, Environment.CpuUsage.TotalTime - start), Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before));
            Assert.True(slowest < Patience, $"input {input} took {slowest}");
            Assert.True(largest < MostBytes, $"input {input} allocated {largest} bytes");
        }
        output.WriteLine($"{inputs} inputs, {read} of them resources; the slowest {slowest.TotalMilliseconds:0} ms, the most allocated {largest} bytes, {GC.GetTotalMemory(true)} bytes kept");
        Assert.InRange(read, inputs / 20, inputs);
        Assert.InRange(GC.GetTotalMemory(true), 0, MostBytes);
    }

    /// <summary>True when it is a resource.</summary>
    private bool Judge(byte[] bytes, int input)
    {
        AssertSameVerdict(bytes, input);
        if (!_reader.Read(bytes).TryGet(out var resource, out var failure))
        {
            Assert.NotEmpty(failure.Issues);
            return false;
        }
        Validator.Validate(resource);
        _entries.Fill(resource, SearchCatalog.R4);
        foreach (ref readonly var entry in _entries.All)
            _entries.Value(entry);
        // What costs most is not done with each.
        if (input % 16 == 0)
            Validator.Validate(resource, Context);
        if (input % 64 == 0)
            Validator.Validate(resource, new ValidationContext(Context));
        return true;
    }

    /// <summary>System.Text.Json says the same, but that it does not look at what strings are made of.</summary>
    private static void AssertSameVerdict(byte[] bytes, int input)
    {
        var ours = JsonTree.Parse(bytes).Failure;
        var theirs = IsJson(bytes);
        var isOurs = ours is null || ours.Issues[0].Text is "The bytes are not valid UTF-8." or "The escape is half of a surrogate pair.";
        Assert.True(ours is null ? theirs : !theirs || isOurs, $"input {input}: {ours?.Issues[0].Text ?? "is JSON"}");
    }

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static List<byte[]> Originals()
    {
        var own = Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json").Order(StringComparer.Ordinal).SelectMany(file => Entries(File.ReadAllBytes(file)));
        var official = Corpora.AreHere ? Examples.Read().Where(e => !e.File.Contains("synthea", StringComparison.Ordinal)).Select(e => e.Json) : [];
        return [.. own.Concat(official).Where(json => json.Length <= LongestOriginal)];
    }

    private static IEnumerable<byte[]> Entries(byte[] bundle) =>
        Resource.Parse(bundle).Value.Root.Children("entry").Select(e => e.Child("resource")).OfType<Element>().Select(r => r.Json.ToArray());

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static int Given(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
