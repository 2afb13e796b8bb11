using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests.Profiles;

/// <summary>Validates as the product does: with US Core, at a fixed time.</summary>
internal static class Profiled
{
    public const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

    public static ValidationContext Context { get; } = new(new FhirPathContext(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { ValueSets = ValueSets.UsCore });

    public static ImmutableArray<Issue> Issues(ReadOnlyMemory<byte> json, params string[] profiles) => Validator.Validate(Resource.Parse(json).Value, Context, profiles);

    public static ImmutableArray<Issue> Issues(string json, params string[] profiles) => Issues(System.Text.Encoding.UTF8.GetBytes(json), profiles);

    public static IEnumerable<Issue> Errors(ReadOnlyMemory<byte> json, params string[] profiles) => Issues(json, profiles).Where(i => i.IsError);

    public static string Shown(Issue issue) => $"{issue.Severity} {issue.Code} {issue.Expression} {issue.Line}:{issue.Column} {issue.Text}";
}
