using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Tests;

public sealed class The_compiled_definitions
{
    [Fact]
    public void Are_exactly_what_compiling_the_official_ones_gives()
    {
        JsonTree[] types = [Official("profiles-types"), Official("profiles-resources")];
        Same("Schema/r4.schema", SchemaCompiler.Compile(types));
        Same("Search/r4.search", SearchCompiler.Compile(Official("search-parameters"), Official("compartmentdefinition-patient")));
        JsonTree[] codes = [Official("valuesets"), Official("v3-codesystems"), Official("v2-tables")];
        var compiled = CodesCompiler.Compile(codes, SchemaCompiler.ValueSets(types));
        Same("Terminology/r4.codes", compiled);
        Same("Terminology/r4.displays", CodesCompiler.CompileDisplays(codes, compiled));
    }

    [Fact]
    public void Name_only_types_that_they_define()
    {
        var schema = FhirSchema.R4;
        Assert.Equal(146, schema.ResourceTypes.Count);
        Assert.All(schema.Types, type => Assert.All(type.Elements, element => Assert.NotEmpty(element.Types)));
    }

    [Fact]
    public void Tell_what_an_element_is()
    {
        var status = FhirSchema.R4.Type("Observation")!.Element("status")!;
        Assert.Equal((1, 1, "required", "http://hl7.org/fhir/ValueSet/observation-status"), (status.Min, status.Max, status.BindingStrength, status.ValueSet));
        Assert.True(status.IsSummary && status.IsModifier);
        var value = FhirSchema.R4.Type("Observation")!.Element("value")!;
        Assert.True(value.IsChoice);
        Assert.Equal(11, value.Types.Count);
        Assert.Equal(["Patient", "Group", "Device", "Location"], FhirSchema.R4.Type("Observation")!.Element("subject")!.Targets);
        Assert.Contains(FhirSchema.R4.Type("Observation")!.Constraints, c => c.Key == "obs-6" && c.Severity == "error");
        Assert.Equal(["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension", "identifier"], FhirSchema.R4.Type("Patient")!.Elements.Take(9).Select(e => e.Name));
    }

    [Theory]
    [InlineData("Practitioner", "Patient.name | Practitioner.name", "Practitioner.name")]
    [InlineData("Observation", "(Observation.value as Quantity) | (Patient.name as HumanName) | Observation.code", "(Observation.value as Quantity) | Observation.code")]
    [InlineData("Patient", "name | alias", "name | alias")]
    [InlineData("Patient", "Patient.telecom.where(system='a|b') | Observation.x", "Patient.telecom.where(system='a|b')")]
    [InlineData("PatientX", "Patient.a | PatientX.b", "PatientX.b")]
    public void Give_each_type_its_part_of_a_search_expression(string type, string expression, string part) =>
        Assert.Equal(part, SearchCompiler.PartFor(type, ["Patient", "Practitioner", "Observation", "PatientX"], expression));

    private static JsonTree Official(string name)
    {
        var file = Repository.At("fhir-profiles", "node_modules", "@medplum", "definitions", "dist", "fhir", "r4", name + ".json");
        Assert.SkipUnless(File.Exists(file), "The official definitions are not here: run `npm ci --ignore-scripts` in fhir-profiles to compare with them.");
        return JsonTree.Parse(File.ReadAllBytes(file)).Value;
    }

    private static void Same(string name, string compiled) =>
        Assert.True(File.ReadAllText(Repository.At("src", "Personalize.Fhir", name)) == compiled, $"{name} is not what compiling gives: run fhir-profiles/compile.cs.");
}
