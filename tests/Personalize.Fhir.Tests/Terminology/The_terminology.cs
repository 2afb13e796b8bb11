using System.Text;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Tests.Terminology;

public sealed class The_terminology(ITestOutputHelper output)
{
    private const string Gender = "http://hl7.org/fhir/administrative-gender";
    private const string Classes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly ValueSets _own = ValueSets.R4.With([
        Read("""{"resourceType":"CodeSystem","url":"urn:animals","content":"complete","concept":[{"code":"animal","display":"Animal","concept":[{"code":"dog","display":"Dog","concept":[{"code":"puppy"}]},{"code":"cat","display":"Cat"}]},{"code":"stone"}]}"""),
        Read("""{"resourceType":"CodeSystem","url":"urn:part","content":"fragment","concept":[{"code":"a","concept":[{"code":"b"}]},{"code":"c"}]}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:pets","compose":{"include":[{"system":"urn:animals","filter":[{"property":"concept","op":"descendent-of","value":"animal"}]}],"exclude":[{"system":"urn:animals","concept":[{"code":"cat"}]}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:named","compose":{"include":[{"system":"urn:animals","concept":[{"code":"dog","display":"Hound"},{"code":"cat"}]},{"system":"http://snomed.info/sct","concept":[{"code":"1","display":"One"}]}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:both","compose":{"include":[{"valueSet":["urn:named","urn:pets"]}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:ring","compose":{"include":[{"valueSet":["urn:ring"]}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:snomed","compose":{"include":[{"system":"http://snomed.info/sct"}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:fragment","compose":{"include":[{"system":"urn:part"}]}}"""),
    ]);

    [Theory]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", "male,female,other,unknown")]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", "male,female,other,unknown")]
    [InlineData("urn:pets", "dog,puppy")]
    [InlineData("urn:named", "dog,cat,1")]
    [InlineData("urn:both", "dog")]
    public void Expands_a_value_set_in_the_order_of_its_definition(string set, string codes) =>
        Assert.Equal(codes, string.Join(',', Expansion.Of(_own, set).Value.Codes.Select(c => c.Code)));

    [Fact]
    public void Says_a_display_only_where_one_is_known() =>
        Assert.Equal(["Hound", "Cat", "One", null], Expansion.Of(_own, "urn:named").Value.Codes.Concat(Expansion.Of(_own, "urn:pets").Value.Codes.Skip(1)).Select(c => c.Display));

    [Fact]
    public void Pages_and_filters_an_expansion()
    {
        var page = Expansion.Of(_own, "http://hl7.org/fhir/ValueSet/administrative-gender", new() { Offset = 1, Count = 2 }).Value;
        Assert.Equal((4, 1, "female,other"), (page.Total, page.Offset, string.Join(',', page.Codes.Select(c => c.Code))));
        Assert.Equal("female,male", string.Join(',', Expansion.Of(_own, "http://hl7.org/fhir/ValueSet/administrative-gender", new() { Filter = "MALE" }).Value.Codes.Select(c => c.Code).Order()));
        Assert.Equal("dog", Assert.Single(Expansion.Of(_own, "urn:named", new() { Filter = "hou" }).Value.Codes).Code);
    }

    [Theory]
    [InlineData("urn:snomed")]
    [InlineData("urn:fragment")]
    [InlineData("urn:ring")]
    [InlineData("http://hl7.org/fhir/ValueSet/mimetypes")]
    public void Does_not_expand_what_it_knows_only_in_part(string set) =>
        Assert.Equal("not-supported", Assert.IsType<Failure.Unprocessable>(Expansion.Of(_own, set).Failure).Issues[0].Code);

    [Fact]
    public void Says_which_value_set_it_does_not_know() => Assert.IsType<Failure.Missing>(Expansion.Of(_own, "urn:nothing").Failure);

    [Theory]
    [InlineData("urn:pets", "urn:animals", "puppy", true)]
    [InlineData("urn:pets", "urn:animals", "cat", false)]
    [InlineData("urn:pets", "urn:other", "dog", false)]
    [InlineData("urn:named", null, "1", true)]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", Gender, "male", true)]
    public void Says_whether_a_code_is_in_a_value_set(string set, string? system, string code, bool expected) =>
        Assert.Equal(expected, CodeFinding.InSet(_own, set, [new(system, code)]).Value.Result);

    [Fact]
    public void Judges_a_display_where_it_knows_it()
    {
        Assert.True(CodeFinding.InSet(_own, "urn:pets", [new("urn:animals", "dog", "dog")]).Value.Result);
        var wrong = CodeFinding.InSet(_own, "urn:pets", [new("urn:animals", "dog", "Stone")]).Value;
        Assert.Equal((false, "Dog"), (wrong.Result, wrong.Display));
        Assert.Equal(wrong, CodeFinding.InSet(_own, "urn:pets", [new("urn:animals", "nonsense"), new("urn:animals", "dog", "Stone")]).Value);
        var unknown = CodeFinding.InSet(_own, "urn:pets", [new("urn:animals", "puppy", "Puppy")]).Value;
        Assert.True(unknown.Result);
        Assert.Contains("not known", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_any_of_several_codes_and_does_not_guess()
    {
        Assert.True(CodeFinding.InSystem(_own, Gender, [new(Gender, "nonsense"), new(Gender, "male")]).Value.Result);
        Assert.False(CodeFinding.InSystem(_own, Gender, [new(Gender, "nonsense")]).Value.Result);
        Assert.IsType<Failure.Unprocessable>(CodeFinding.InSystem(_own, "urn:part", [new("urn:part", "z")]).Failure);
        Assert.IsType<Failure.Unprocessable>(CodeFinding.InSet(_own, "urn:snomed", [new("http://snomed.info/sct", "1")]).Failure);
        Assert.IsType<Failure.Missing>(CodeFinding.InSet(_own, "urn:nothing", [new(null, "1")]).Failure);
    }

    [Fact]
    public void Looks_a_code_up()
    {
        var dog = CodeLookup.Of(_own, "urn:animals", "dog").Value;
        Assert.Equal(("Dog", "animal", "puppy"), (dog.Display, dog.Parents.Single(), dog.Children.Single()));
        Assert.Equal(("Male", "4.0.1"), (CodeLookup.Of(_own, Gender, "male").Value.Display, CodeLookup.Of(_own, Gender, "male").Value.Version));
        Assert.IsType<Failure.Missing>(CodeLookup.Of(_own, Gender, "nonsense").Failure);
        Assert.IsType<Failure.Unprocessable>(CodeLookup.Of(_own, "http://snomed.info/sct", "1").Failure);
    }

    [Theory]
    [InlineData("dog", "dog", Subsumption.Equivalent)]
    [InlineData("animal", "puppy", Subsumption.Subsumes)]
    [InlineData("puppy", "animal", Subsumption.SubsumedBy)]
    [InlineData("dog", "cat", Subsumption.NotSubsumed)]
    public void Says_which_code_is_above_which(string first, string second, Subsumption expected) =>
        Assert.Equal(expected, Hierarchy.Between(_own, "urn:animals", first, second).Value);

    [Fact]
    public void Does_not_say_that_one_code_is_not_above_another_when_it_knows_only_a_part()
    {
        Assert.Equal(Subsumption.Subsumes, Hierarchy.Between(_own, "urn:part", "a", "b").Value);
        Assert.IsType<Failure.Unprocessable>(Hierarchy.Between(_own, "urn:part", "a", "c").Failure);
        Assert.IsType<Failure.Unprocessable>(Hierarchy.Between(_own, "urn:part", "a", "z").Failure);
        Assert.IsType<Failure.Missing>(Hierarchy.Between(_own, Gender, "male", "z").Failure);
        Assert.IsType<Failure.Unprocessable>(Hierarchy.Between(_own, "http://snomed.info/sct", "1", "2").Failure);
    }

    [Fact]
    public void Lists_what_lies_below_and_above()
    {
        Assert.Equal(["dog", "puppy"], Hierarchy.Below(_own, "urn:animals", "dog").Value);
        Assert.Equal(["animal", "dog", "puppy"], Hierarchy.Above(_own, "urn:animals", "puppy").Value);
        Assert.Contains("ACUTE", Hierarchy.Below(_own, Classes, "IMP").Value);
    }

    [Fact]
    public void Expands_every_set_of_a_required_binding_but_grammars_and_foreign_lists()
    {
        var bound = FhirSchema.R4.Types.SelectMany(t => t.Elements).Where(e => e.ValueSet is not null).Select(e => (e.ValueSet, e.BindingStrength)).Distinct().ToList();
        bool Expands(string? set) => Expansion.Of(ValueSets.R4, set!).Failure is null;
        output.WriteLine($"{bound.Select(b => b.ValueSet).Distinct().Count(Expands)} of {bound.Select(b => b.ValueSet).Distinct().Count()} value sets that R4 binds expand");
        // Grammars, and lists that others keep.
        string[] others = ["http://hl7.org/fhir/ValueSet/currencies", "http://hl7.org/fhir/ValueSet/mimetypes", "http://hl7.org/fhir/ValueSet/ucum-units", "http://loinc.org/vs/LL379-9"];
        Assert.Equal(others, bound.Where(b => b.BindingStrength == "required" && !Expands(b.ValueSet)).Select(b => b.ValueSet!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Is_not_led_astray_by_sets_that_name_each_other_a_million_times()
    {
        var many = Enumerable.Range(0, 16).Select(at => Read($$"""{"resourceType":"ValueSet","url":"urn:n{{at}}","compose":{"include":[{{string.Join(',', Enumerable.Repeat($$"""{"valueSet":["urn:n{{at + 1}}"]}""", 10))}}]} }"""));
        var sets = ValueSets.R4.With(many.Append(Read("""{"resourceType":"ValueSet","url":"urn:n16","compose":{"include":[{"system":"urn:x","concept":[{"code":"x"}]}]}}""")));
        Assert.Null(sets.Contains("urn:n0", "urn:x", "y"));
        Assert.Equal("x", Assert.Single(Expansion.Of(sets, "urn:n0").Value.Codes).Code);
    }

    [Fact]
    public void Has_the_displays_of_HL7s_own_code_systems_and_of_no_others()
    {
        Assert.Equal(["Male", "Female", "Other", "Unknown"], Expansion.Of(ValueSets.R4, "http://hl7.org/fhir/ValueSet/administrative-gender").Value.Codes.Select(c => c.Display));
        Assert.Equal("inpatient acute", ValueSets.R4.Display(Classes, "ACUTE"));
        Assert.Null(ValueSets.UsCore.Display("http://snomed.info/sct", "138875005"));
        Assert.Equal(("Male", false), (CodeFinding.InSystem(ValueSets.R4, Gender, [new(Gender, "male", "Man")]).Value.Display, CodeFinding.InSystem(ValueSets.R4, Gender, [new(Gender, "male", "Man")]).Value.Result));
    }

    [Fact]
    public void Lets_a_code_system_that_is_added_speak_for_itself()
    {
        var own = ValueSets.R4.With([Read($$"""{"resourceType":"CodeSystem","url":"{{Gender}}","content":"complete","concept":[{"code":"male"},{"code":"female","display":"Woman"}]}""")]);
        Assert.Equal((null, "Woman"), (own.Display(Gender, "male"), own.Display(Gender, "female")));
    }

    private static readonly ValueSets _versions = ValueSets.R4.With([
        Read("""{"resourceType":"CodeSystem","url":"urn:c","version":"1","content":"complete","concept":[{"code":"a"}]}"""),
        Read("""{"resourceType":"CodeSystem","url":"urn:c","version":"2","content":"complete","concept":[{"code":"a"},{"code":"b"}]}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:s","version":"1","compose":{"include":[{"system":"urn:c","version":"1"}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:s","version":"2","compose":{"include":[{"system":"urn:c"}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:old","compose":{"include":[{"valueSet":["urn:s|1"]}]}}"""),
        Read("""{"resourceType":"ValueSet","url":"urn:lost","compose":{"include":[{"valueSet":["urn:s|3"]},{"system":"urn:c","version":"3"}]}}"""),
    ]);

    [Theory]
    [InlineData("urn:s", "a,b")]
    [InlineData("urn:s|1", "a")]
    [InlineData("urn:s|2", "a,b")]
    [InlineData("urn:old", "a")]
    [InlineData("urn:old|7", "a")]
    public void Takes_the_version_that_is_named(string set, string codes)
    {
        Assert.Equal(codes, string.Join(',', Expansion.Of(_versions, set).Value.Codes.Select(c => c.Code)));
        Assert.Equal(codes.Contains('b', StringComparison.Ordinal), CodeFinding.InSet(_versions, set, [new("urn:c", "b")]).Value.Result);
    }

    [Fact]
    public void Does_not_take_one_version_for_another()
    {
        Assert.IsType<Failure.Missing>(Expansion.Of(_versions, "urn:s|3").Failure);
        Assert.IsType<Failure.Missing>(Expansion.Of(_versions, "urn:lost").Failure);
        Assert.IsType<Failure.Missing>(Expansion.Of(_versions, "http://hl7.org/fhir/ValueSet/administrative-gender|3.0").Failure);
        Assert.Null(_versions.Contains("urn:lost", "urn:c", "a"));
        Assert.IsType<Failure.Missing>(CodeFinding.InSet(_versions, "urn:s|3", [new("urn:c", "a")]).Failure);
        Assert.IsType<Failure.Missing>(CodeLookup.Of(_versions, "urn:c|1", "b").Failure);
        Assert.IsType<Failure.Unprocessable>(CodeLookup.Of(_versions, "urn:c|3", "b").Failure);
    }

    [Fact]
    public void Speaks_the_language_that_is_asked_for_where_it_can()
    {
        var sets = ValueSets.R4.With([
            Read("""{"resourceType":"CodeSystem","url":"urn:fruit","language":"de","content":"complete","concept":[{"code":"1","display":"Apfel","designation":[{"language":"es-MX","value":"Manzana"},{"language":"en","value":"Apple"}]},{"code":"2","display":"Birne"}]}"""),
            Read("""{"resourceType":"ValueSet","url":"urn:fruits","compose":{"include":[{"system":"urn:fruit","concept":[{"code":"1","designation":[{"language":"fr","value":"Pomme"}]},{"code":"2"}]}]}}"""),
        ]);
        string[] In(string? language) => [.. Expansion.Of(sets, "urn:fruits", new() { Language = language }).Value.Codes.Select(c => c.Display + (c.IsInLanguage ? "!" : ""))];
        Assert.Equal(["Apfel", "Birne"], In(null));
        Assert.Equal(["Apfel!", "Birne!"], In("de"));
        Assert.Equal(["Manzana!", "Birne"], In("es"));
        Assert.Equal(["Pomme!", "Birne"], In("fr-CA"));
        Assert.Equal(["Apple!", "Birne"], In("en"));
        Assert.Equal("Manzana", CodeLookup.Of(sets, "urn:fruit", "1", "es").Value.Display);
        Assert.Equal([new("es-MX", "Manzana"), new("en", "Apple")], CodeLookup.Of(sets, "urn:fruit", "1").Value.Designations);
        Assert.True(CodeFinding.InSystem(sets, "urn:fruit", [new("urn:fruit", "1", "apple")]).Value.Result);
        Assert.Equal(CodeFinding.NotSpoken, CodeFinding.InSystem(sets, "urn:fruit", [new("urn:fruit", "2")], "it").Value.Message);
    }

    [Fact]
    public void Leaves_out_codes_that_are_no_longer_used_when_asked_to()
    {
        var sets = ValueSets.R4.With([
            Read("""{"resourceType":"CodeSystem","url":"urn:used","content":"complete","concept":[{"code":"new"},{"code":"old","property":[{"code":"inactive","valueBoolean":true}]},{"code":"gone","property":[{"code":"status","valueCode":"retired"}]},{"code":"going","property":[{"code":"status","valueCode":"deprecated"}]}]}"""),
            Read("""{"resourceType":"ValueSet","url":"urn:use","compose":{"include":[{"system":"urn:used"}]}}"""),
        ]);
        Assert.Equal([("new", false), ("old", true), ("gone", true), ("going", false)], Expansion.Of(sets, "urn:use").Value.Codes.Select(c => (c.Code, c.IsInactive)));
        Assert.Equal(["new", "going"], Expansion.Of(sets, "urn:use", new() { ActiveOnly = true }).Value.Codes.Select(c => c.Code));
    }

    private static JsonTree Read(string json) => JsonTree.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
