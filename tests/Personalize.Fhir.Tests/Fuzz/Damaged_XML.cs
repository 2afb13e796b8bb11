using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Json;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests;

/// <summary>Whatever comes in as XML gets an answer: a resource, which goes out and comes in again as the same, or a failure.</summary>
public sealed class Damaged_XML(ITestOutputHelper output)
{
    private const int Everyday = 2_500;

    [Fact]
    public void Is_read_and_validated_or_refused()
    {
        var mutant = new Mutant([.. Fuzzing.Originals().Select(json => FhirXml.Write(Resource.Parse(json).Value).Value.ToArray())], Fuzzing.Seed, isXml: true);
        new Fuzzing(output).Run(Everyday, input => Judge(mutant.Next(), input), 0.01, 0.99);
    }

    /// <summary>True when it is a resource.</summary>
    private static bool Judge(byte[] xml, int input)
    {
        if (!FhirXml.Read(xml).TryGet(out var resource, out var failure))
        {
            Assert.NotEmpty(failure.Issues);
            return false;
        }
        Validator.Validate(resource);
        if (!FhirXml.Write(resource).TryGet(out var written, out failure))
            Assert.NotEmpty(failure.Issues);
        else
        {
            var again = FhirXml.Read(written);
            Assert.True(again.Failure is null && JsonSameness.Same(again.Value.Tree.Root, resource.Tree.Root), $"input {input} comes back as something else");
        }
        return true;
    }
}
