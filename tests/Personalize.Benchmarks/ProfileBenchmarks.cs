using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;

namespace Personalize.Benchmarks;

/// <summary>Observations judged by all that R4 and US Core ask: structure, bindings, constraints of severity error, references, codes and the profiles. Goal: 100,000 a second.</summary>
internal static class ProfileBenchmarks
{
    // Short passes, and many of them: other work on the machine then falls between most of them.
    private const int Every = 20;
    private const int PassesOfRound = 40;
    private const string Canonicals = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";
    private static readonly ValidationContext _context = new(new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)) { ValueSets = ValueSets.UsCore }) { Warnings = false };

    /// <summary>An Observation with the profile that it is held to when it names none.</summary>
    private sealed record Sample(byte[] Json, Resource Resource, string[] Profiles);

    /// <summary>Beside <see cref="JsonDocument"/>, which only reads.</summary>
    public static void AgainstJsonDocument(byte[][] resources, int rounds, Report report)
    {
        var plain = SyntheticResources.Of(resources, "Observation").Where((_, at) => at % Every == 0).ToArray();
        report.Say(string.Create(CultureInfo.InvariantCulture, $"Medians of {rounds * PassesOfRound:N0} passes. Synthea gives its Observations no narrative; the second table is the same Observations with one, so that txt-1 and txt-2 (its XHTML) have something to judge."));
        Beside("Validating by US Core, constraints included, beside JsonDocument.Parse", [.. plain.Select(Read)], rounds, report);
        Beside("The same with a narrative in each", [.. plain.Select(json => Read(WithNarrative(json)))], rounds, report);
    }

    private static void Beside(string title, Sample[] samples, int rounds, Report report)
    {
        var broken = samples.Count(s => Judge(s.Resource, s).Any(i => i.IsError));
        report.Say(string.Create(CultureInfo.InvariantCulture,
            $"{samples.Length:N0} Observations (one in {Every}), {samples.Average(s => s.Json.Length):N0} bytes in the mean; {samples.Count(s => s.Profiles.Length == 0):N0} name US Core profiles, the others are held to the one of their category. Errors are found in {broken:N0}."));
        report.Table(title, "Observation", Runner.Run(samples.Length, rounds * PassesOfRound,
            new("JsonDocument.Parse", () => samples.Sum(s => Document(s.Json))),
            new("parse", () => samples.Sum(s => (long)Resource.Parse(s.Json).Value.Tree.Count)),
            new("structure and required bindings of R4", () => samples.Sum(s => (long)Validator.Validate(s.Resource).Length)),
            new("all rules of R4 and US Core", () => samples.Sum(s => (long)Judge(s.Resource, s).Length)),
            new("parse + all rules", () => samples.Sum(s => (long)Judge(Resource.Parse(s.Json).Value, s).Length))));
    }

    private static ImmutableArray<Issue> Judge(Resource resource, Sample sample) => Validator.Validate(resource, _context, sample.Profiles);

    private static Sample Read(byte[] json)
    {
        var resource = Resource.Parse(json).Value;
        return new(json, resource, resource.Root.Child("meta")?.Child("profile") is null ? [Canonicals + Named(resource)] : []);
    }

    private static byte[] WithNarrative(byte[] json)
    {
        var at = json.AsSpan().IndexOf("\"resourceType\":\"Observation\","u8) + "\"resourceType\":\"Observation\","u8.Length;
        return [.. json[..at], .. "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p><b>Body Weight</b>: 70.1 kg</p><p>Taken on <i>12 May 2026</i> at the practice, <a href=\\\"#more\\\">more</a></p></div>\"},"u8, .. json[at..]];
    }

    private static string Named(Resource observation) => observation.Root.Child("category")?.Child("coding")?.Child("code")?.Text switch
    {
        "vital-signs" => "vital-signs",
        "laboratory" => "observation-lab",
        _ => "simple-observation",
    };

    private static long Document(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return (long)document.RootElement.ValueKind;
    }
}
