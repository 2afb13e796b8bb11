using System.Globalization;
using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Tests;

/// <summary>Gives input after input to something and sees to it that each is answered in bounded time and memory.</summary>
/// <remarks>Many inputs at once: <c>PERSONALIZE_FUZZ=1000000 dotnet test -c Release tests/Personalize.Fhir.Tests --filter FullyQualifiedName~Damaged_expressions</c>; PERSONALIZE_FUZZ_SEED takes another seed than 1.</remarks>
internal sealed class Fuzzing(ITestOutputHelper output)
{
    private const int LongestOriginal = 12_000;

    /// <summary>The most that one input may allocate, and the most that may be kept after all of them, in bytes.</summary>
    public const long MostBytes = 256L << 20;

    // Far more than any takes. Work is counted, not time, since a busy machine may stop for a while; that of tests beside it counts too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The seed of this run.</summary>
    public static int Seed => Given("PERSONALIZE_FUZZ_SEED", 1);

    /// <summary>The small resources of our own people, and the official examples where they are.</summary>
    public static List<byte[]> Originals()
    {
        var own = Directory.EnumerateFiles(Repository.At("sample-bundles"), "*.json").Order(StringComparer.Ordinal).SelectMany(file => Entries(File.ReadAllBytes(file)));
        var official = Corpora.AreHere ? Examples.Read().Where(e => !e.File.Contains("synthea", StringComparison.Ordinal)).Select(e => e.Json) : [];
        return [.. own.Concat(official).Where(json => json.Length <= LongestOriginal)];
    }

    /// <summary>Judges so many inputs, each by its number; how many were taken must lie between these parts of them.</summary>
    public void Run(int everyday, Func<int, bool> judge, double least, double most)
    {
        var inputs = Given("PERSONALIZE_FUZZ", everyday);
        var (taken, slowest, largest) = (0, TimeSpan.Zero, 0L);
        for (var input = 0; input < inputs; input++)
        {
            var (start, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            taken += judge(input) ? 1 : 0;
            (slowest, largest) = (Max(slowest, Environment.CpuUsage.TotalTime - start), Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before));
            Assert.True(slowest < Patience, $"input {input} took {slowest}");
            Assert.True(largest < MostBytes, $"input {input} allocated {largest} bytes");
        }
        output.WriteLine($"{inputs} inputs, {taken} of them taken; the slowest {slowest.TotalMilliseconds:0} ms, the most allocated {largest} bytes, {GC.GetTotalMemory(true)} bytes kept");
        Assert.InRange(taken, inputs * least, inputs * most);
        Assert.InRange(GC.GetTotalMemory(true), 0, MostBytes);
    }

    private static IEnumerable<byte[]> Entries(byte[] bundle) =>
        Resource.Parse(bundle).Value.Root.Children("entry").Select(e => e.Child("resource")).OfType<Element>().Select(r => r.Json.ToArray());

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static int Given(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
