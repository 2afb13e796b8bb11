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
    private static readonly FhirPathContext Context = new(DateTimeOffset.UnixEpoch) { Limits = FhirPathLimits.Posted };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonTree.MaxDepth };

    private readonly ResourceReader _reader = new();
    private readonly IndexEntries _entries = new();

    [Fact]
    public void Are_read_validated_and_indexed_or_refused()
    {
        var mutant = new Mutant(Fuzzing.Originals(), Fuzzing.Seed);
        new Fuzzing(output).Run(Everyday, input => Judge(mutant.Next(), input), 0.05, 1);
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
}
