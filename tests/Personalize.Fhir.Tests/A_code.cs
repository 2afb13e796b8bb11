using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Tests;

public sealed class A_code
{
    private const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private const string Encounters = "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode";

    private static readonly ValueSets Own = ValueSets.R4.With(
    [
        Read("""{"resourceType":"CodeSystem","url":"http://x/cs","content":"complete","concept":[{"code":"a","concept":[{"code":"a1","concept":[{"code":"a11"}]},{"code":"a2"}]},{"code":"b"}]}"""),
        Read("""{"resourceType":"CodeSystem","url":"http://x/ring","content":"complete","concept":[{"code":"p","property":[{"code":"child","valueCode":"q"}]},{"code":"q","property":[{"code":"child","valueCode":"p"}]}]}"""),
        Set("under-a", """{"include":[{"system":"http://x/cs","filter":[{"property":"concept","op":"is-a","value":"a"}]}],"exclude":[{"system":"http://x/cs","concept":[{"code":"a2"}]}]}"""),
        Set("below-a", """{"include":[{"system":"http://x/cs","filter":[{"property":"concept","op":"descendent-of","value":"a"}]}]}"""),
        Set("ring", """{"include":[{"system":"http://x/ring","filter":[{"property":"concept","op":"is-a","value":"z"}]}]}"""),
        Set("both", """{"include":[{"valueSet":["http://x/vs/under-a","http://x/vs/below-a"]}]}"""),
        Set("self", """{"include":[{"valueSet":["http://x/vs/self"]}]}"""),
        Set("numbers", """{"include":[{"system":"http://x/cs","filter":[{"property":"code","op":"regex","value":"a[0-9]"}]}]}"""),
        Set("mixed", """{"include":[{"system":"http://x/cs","concept":[{"code":"b"}]},{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]}]}"""),
        Read("""{"resourceType":"ValueSet","url":"http://x/vs/expanded","expansion":{"contains":[{"system":"http://x/cs","code":"a","contains":[{"system":"http://x/cs","code":"b"}]}]}}"""),
        Read("""{"resourceType":"Patient"}"""),
    ]);

    [Theory]
    [InlineData(Gender, null, "male", true)]
    [InlineData(Gender + "|4.0.1", "http://hl7.org/fhir/administrative-gender", "male", true)]
    [InlineData(Gender, "http://other", "male", false)]
    [InlineData(Gender, null, "Male", false)]
    [InlineData(Encounters, ActCode, "AMB", true)]
    [InlineData(Encounters, ActCode, "VR", true)]
    [InlineData(Encounters, ActCode, "DENTAL", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/quantity-comparator", null, ">=", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/resource-types", null, "Patient", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/mimetypes", null, "text/plain; charset=utf-8", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/mimetypes", null, "plain", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/all-languages", null, "de-CH", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/all-languages", null, "de_CH", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/currencies", null, "USD", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/currencies", null, "$", false)]
    [InlineData("http://hl7.org/fhir/ValueSet/ucum-units", null, "mg", null)]
    [InlineData("http://hl7.org/fhir/ValueSet/condition-code", "http://snomed.info/sct", "44054006", null)]
    [InlineData("http://hl7.org/fhir/ValueSet/condition-code", "http://other", "44054006", false)]
    [InlineData("http://x/vs/unknown", null, "a", null)]
    [InlineData("http://x/vs/under-a", null, "a", true)]
    [InlineData("http://x/vs/under-a", "http://x/cs", "a11", true)]
    [InlineData("http://x/vs/under-a", null, "a2", false)]
    [InlineData("http://x/vs/under-a", null, "b", false)]
    [InlineData("http://x/vs/below-a", null, "a", false)]
    [InlineData("http://x/vs/below-a", null, "a2", true)]
    [InlineData("http://x/vs/ring", null, "p", false)]
    [InlineData("http://x/vs/both", null, "a1", true)]
    [InlineData("http://x/vs/both", null, "a2", false)]
    [InlineData("http://x/vs/self", null, "a", null)]
    [InlineData("http://x/vs/numbers", null, "a2", true)]
    [InlineData("http://x/vs/numbers", null, "a11", false)]
    [InlineData("http://x/vs/mixed", "http://x/cs", "b", true)]
    [InlineData("http://x/vs/mixed", "http://x/cs", "a", false)]
    [InlineData("http://x/vs/mixed", "http://snomed.info/sct", "2", null)]
    [InlineData("http://x/vs/expanded", "http://x/cs", "b", true)]
    public void Is_in_a_value_set_or_not_or_nobody_here_knows(string valueSet, string? system, string code, bool? expected) =>
        Assert.Equal(expected, Own.Contains(valueSet, system, code));

    [Fact]
    public void Of_a_required_binding_is_known_for_all_but_a_few_value_sets()
    {
        var required = FhirSchema.R4.Types.SelectMany(t => t.Elements).Where(e => e.BindingStrength == "required").Select(e => e.ValueSet!).Distinct();
        var unknown = required.Where(set => ValueSets.R4.Contains(set, null, "no-such-code-anywhere") is null).Order(StringComparer.Ordinal);
        // Units and LOINC's own answer lists are not in the definitions.
        Assert.Equal(["http://hl7.org/fhir/ValueSet/ucum-units", "http://loinc.org/vs/LL379-9"], unknown);
    }

    private static JsonTree Set(string name, string compose) => Read($$"""{"resourceType":"ValueSet","url":"http://x/vs/{{name}}","compose":{{compose}}}""");

    private static JsonTree Read(string json) => JsonTree.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
