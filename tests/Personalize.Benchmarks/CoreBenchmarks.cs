using System.Text.Json;
using Hl7.Fhir.Serialization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;
using Personalize.Fhir.Validation;

namespace Personalize.Benchmarks;

/// <summary>What every resource goes through on its way in: reading, base structural validation, the values of all search parameters.</summary>
internal static class CoreBenchmarks
{
    // So many resources take a fraction of a millisecond.
    private const int Part = 100;

    private static readonly ResourceReader _reader = new();
    private static readonly IndexEntries _entries = new();

    /// <summary>Beside <see cref="JsonDocument"/>, which only reads.</summary>
    public static void AgainstJsonDocument(byte[][] resources, int rounds, Report report)
    {
        var parts = resources.Chunk(Part).ToArray();
        report.Say("Goals for parse + validate + extract: 0.7 of the speed of JsonDocument.Parse, at most 200 bytes a resource, 20 times the speed of the strict parse of Hl7.Fhir.R4. Validate is the structure with required bindings; extract takes the values of all search parameters.");
        report.Table("Reading, validating and indexing beside JsonDocument.Parse", "resource", Runner.Run(resources.Length, rounds,
            new("JsonDocument.Parse", parts.Length, part => Each(parts[part], Document)),
            new("parse, a resource that stays", parts.Length, part => Each(parts[part], json => Resource.Parse(json).Value.Tree.Count)),
            new("parse", parts.Length, part => Each(parts[part], json => _reader.Read(json).Value.Tree.Count)),
            new("parse + validate", parts.Length, part => Each(parts[part], json => Validator.Validate(_reader.Read(json).Value).Length)),
            new("parse + validate + extract", parts.Length, part => Each(parts[part], Whole)),
            new("the same as the store does it", parts.Length, part => Each(parts[part], AsStored))));
    }

    /// <summary>Beside the strict parse of the Firely SDK, which does less.</summary>
    public static void AgainstSdk(byte[][] resources, int rounds, Report report)
    {
        var parts = resources.Chunk(Part).ToArray();
        var figures = Runner.Run(resources.Length, rounds,
            new("Hl7.Fhir.R4, strict parse alone", parts.Length, part => Each(parts[part], Sdk)),
            new("parse + validate + extract", parts.Length, part => Each(parts[part], Whole)));
        report.Table("The same beside the strict parse of Hl7.Fhir.R4", "resource", figures);
        report.Say("Here both take turns every hundred resources, and ours finds the caches as the SDK's objects left them. When each works by itself, the times to compare are the SDK's of this table and ours of the table before.");
    }

    private static long Whole(byte[] json)
    {
        var resource = _reader.Read(json).Value;
        var issues = Validator.Validate(resource).Length;
        _entries.Fill(resource, SearchCatalog.R4);
        return issues + _entries.Count;
    }

    // What a request writes waits for the writer: the resource is one that stays, its values are taken into the list that the writer uses again.
    private static long AsStored(byte[] json)
    {
        var resource = Resource.Parse(json).Value;
        var refused = Validator.Check(resource).Failure is null ? 0 : 1;
        _entries.Fill(resource, SearchCatalog.R4);
        return refused + _entries.Count;
    }

    private static long Document(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return (long)document.RootElement.ValueKind;
    }

    private static long Sdk(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        return FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out _, out _) ? 1 : 0;
    }

    private static long Each(byte[][] resources, Func<byte[], long> work)
    {
        var sum = 0L;
        foreach (var json in resources)
            sum += work(json);
        return sum;
    }
}
