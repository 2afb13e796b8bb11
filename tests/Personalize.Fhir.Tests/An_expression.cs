using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

/// <summary>What an expression says of a small record.</summary>
public sealed class An_expression
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(-5));

    private static readonly Element Patient = Parsed("""
        {"resourceType":"Patient","id":"p","gender":"female","birthDate":"1980-02-29","multipleBirthInteger":2,
         "contained":[{"resourceType":"Organization","id":"org","name":"Clinic"}],
         "managingOrganization":{"reference":"#org"},"generalPractitioner":[{"reference":"Practitioner/7"},{"reference":"https://x.org/fhir/Organization/8"}],
         "name":[{"family":"M\u00fcller","given":["Ana","Li"]},{"use":"old","_family":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}],
         "deceasedDateTime":"2024","extension":[{"url":"https://x.org/count","valueInteger":3}]}
        """);

    private static readonly Element Observation = Parsed("""
        {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/p"},
         "effectiveDateTime":"2026-02-28T23:30:00-05:00","valueQuantity":{"value":1.50,"unit":"g/L","system":"http://unitsofmeasure.org","code":"g/L"},
         "component":[{"code":{"text":"a"},"valueQuantity":{"value":5,"comparator":"<","system":"http://unitsofmeasure.org","code":"mg"}}]}
        """);

    private static Element Parsed(string json) => Resource.Parse(Encoding.UTF8.GetBytes(json)).Value.Root;

    private static FhirPathContext Context => new(Now)
    {
        Constant = name => name switch
        {
            "last-a1c" => PathValues.Of(8.1m),
            "unknown" => PathValues.Empty,
            "age" => PathValues.Of(46),
            _ => null,
        },
    };

    private static Outcome<PathValues> Outcome(string expression, Element focus) => FhirPathExpression.Parse(expression).Then(e => e.Evaluate(PathValues.Of(focus), Context));

    private static string Of(string expression, Element focus) => string.Join("; ", Outcome(expression, focus).Value.Items.Select(i => $"{i}"));

    private static string Of(string expression) => Of(expression, Patient);

    [Fact]
    public void Finds_children_by_name_and_flattens_lists() => Assert.Equal("Ana; Li", Of("Patient.name.given"));

    [Fact]
    public void Reaches_a_choice_by_its_short_name() => Assert.Equal("2", Of("multipleBirth"));

    [Fact]
    public void Keeps_a_decimal_as_it_was_written() => Assert.Equal("1.50", Of("value.value", Observation));

    [Fact]
    public void Reads_the_type_of_the_focus_at_the_beginning_only() => Assert.Equal("", Of("Encounter.name.given"));

    [Theory]
    [InlineData("gender is code", "true")]
    [InlineData("gender is string", "true")]
    [InlineData("gender.ofType(string)", "")]
    [InlineData("gender is System.String", "false")]
    [InlineData("Patient is DomainResource", "true")]
    [InlineData("deceased as dateTime", "2024")]
    [InlineData("deceased as boolean", "")]
    public void Tells_types_apart(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("{} and false", "false")]
    [InlineData("{} and true", "")]
    [InlineData("{} or true", "true")]
    [InlineData("false implies {}", "true")]
    [InlineData("{} implies false", "")]
    [InlineData("true xor {}", "")]
    [InlineData("%unknown > 7", "")]
    [InlineData("(%unknown > 7).not()", "")]
    public void Keeps_unknown_apart_from_false(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("%`last-a1c` >= 8", "true")]
    [InlineData("%'last-a1c' >= 8 and %age < 65", "true")]
    public void Sees_external_constants(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Fact]
    public void Names_the_external_constants_that_it_needs() =>
        Assert.Equal(["last-a1c", "age"], FhirPathExpression.Parse("%`last-a1c` > 8 and %age > 3 and %age < %resource.x.count() and %`vs-x` = %ucum and defineVariable('v', 1).select(%v) > 0").Value.Constants);

    [Fact]
    public void Fails_without_its_constants() => Assert.Equal(ExpressionFault.Execution, FaultOf("%nobody"));

    [Theory]
    [InlineData("birthDate = @1980", "")]
    [InlineData("birthDate = @1981", "false")]
    [InlineData("birthDate < @1980-03", "true")]
    [InlineData("deceased > @2023-12-31", "true")]
    [InlineData("deceased > @2024-06", "")]
    [InlineData("@2026-03-01T09:00:00Z < @2026-03-01T09:00:00", "")]
    [InlineData("@2026-03-01T09:00:00Z < @2026-03-03T09:00:00", "true")]
    [InlineData("@2026-03-01T09:00:00Z = @2026-03-01T10:00:00+01:00", "true")]
    public void Says_nothing_of_dates_that_are_not_known_so_far(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("today()", "2026-03-01")]
    [InlineData("now()", "2026-03-01T09:30:00.000-05:00")]
    [InlineData("timeOfDay()", "09:30:00.000")]
    [InlineData("today() - 18 years", "2008-03-01")]
    [InlineData("@2024-02-29 + 1 year", "2025-02-28")]
    [InlineData("@2024-01-31 + 1 month", "2024-02-29")]
    [InlineData("@2014 + 23 months", "2015")]
    [InlineData("@2014-03 - 2 months", "2014-01")]
    [InlineData("@T23:30 + 1 hour", "00:30")]
    [InlineData("@9999-12-31 + 1 day", "")]
    [InlineData("@2026-03-01 + 2 'wk'", "2026-03-15")]
    public void Reckons_with_calendar_units(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("birthDate.duration(today(), 'year')", "46")]
    [InlineData("birthDate.duration(@2026-02-27, 'year')", "45")]
    [InlineData("birthDate.difference(@2026-01-01, 'year')", "46")]
    [InlineData("@2026-01-31.duration(@2026-03-01, 'month')", "1")]
    [InlineData("deceased.duration(today(), 'month')", "")]
    [InlineData("birthDate.monthOf()", "2")]
    [InlineData("deceased.monthOf()", "")]
    public void Counts_the_time_between_dates(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("value = 150 'mg/dL'", "true")]
    [InlineData("value > 1.4 'mg/mL'", "true")]
    [InlineData("value > 1 'cm'", "")]
    [InlineData("component.value > 1 'mg'", "")]
    [InlineData("(value + 10 'mg/dL').value = 1.6", "true")]
    [InlineData("37 'Cel' = 98.6 '[degF]'", "true")]
    [InlineData("1 'm[Hg]' > 700 'mm[Hg]'", "true")]
    [InlineData("1 year = 12 months", "true")]
    [InlineData("1 year = 1 'a'", "")]
    [InlineData("1 year ~ 1 'a'", "true")]
    [InlineData("180 '[lb_av]'.toQuantity('kg').value.round(2)", "81.65")]
    [InlineData("1 '[iU]/L' = 1 'm[IU]/mL'", "true")]
    [InlineData("1 'mg/0' < 2 'mg'", "")]
    public void Compares_quantities_across_units(string expression, string expected) => Assert.Equal(expected, Of(expression, Observation));

    [Theory]
    [InlineData("code.coding.exists(system = %loinc and code = '4548-4')", "true")]
    [InlineData("status in ('final' | 'amended')", "true")]
    [InlineData("('final' | 'amended') contains status", "true")]
    [InlineData("subject.where(resolve() is Patient).reference", "Patient/p")]
    [InlineData("subject.where(resolve() is Group).reference", "")]
    public void Filters_as_search_parameters_do(string expression, string expected) => Assert.Equal(expected, Of(expression, Observation));

    [Theory]
    [InlineData("managingOrganization.resolve().name", "Clinic")]
    [InlineData("contained.name.select(%rootResource.id)", "p")]
    [InlineData("generalPractitioner.where(resolve() is Organization).reference", "https://x.org/fhir/Organization/8")]
    [InlineData("generalPractitioner.resolve()", "")]
    public void Resolves_what_is_at_hand(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Fact]
    public void Asks_the_context_for_what_is_elsewhere()
    {
        var context = Context with { Resolve = reference => reference == "Patient/p" ? Patient : null };
        Assert.Equal("p", FhirPathExpression.Parse("subject.resolve().id").Value.Evaluate(PathValues.Of(Observation), context).Value.Items[0].ToString());
    }

    [Fact]
    public void Finds_targets_in_the_Bundle_around_the_reference()
    {
        var bundle = Parsed("""
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","gender":"male"}},
             {"resource":{"resourceType":"Encounter","subject":{"reference":"urn:uuid:1"}}}]}
            """);
        Assert.Equal("male", Of("entry.resource.ofType(Encounter).subject.resolve().gender", bundle));
    }

    [Fact]
    public void Knows_the_resource_around_an_element()
    {
        var organization = Patient.Child("contained")!.Value;
        var name = organization.Child("name")!.Value;
        Assert.Equal("org; p", Of("%resource.id | %rootResource.id", name));
        Assert.Equal("org; p", Of("%resource.id | %rootResource.id", organization));
        Assert.Equal("p", Of("%resource.id | %rootResource.id", Patient.Child("name")!.Value));
    }

    [Theory]
    [InlineData("``.empty()")]
    [InlineData("id.type().getValue().count() = 1")]
    public void Takes_what_is_odd(string expression) => Assert.Equal("true", Of(expression));

    [Fact]
    public void Refuses_a_replacement_that_names_no_group() =>
        Assert.StartsWith("A replacement is not well formed", Outcome("'a'.replaceMatches('a', '$99999999999')", Patient).Failure!.Issues[0].Text, StringComparison.Ordinal);

    [Fact]
    public void Knows_the_resource_around_an_element_in_a_Bundle()
    {
        var bundle = Parsed("""
            {"resourceType":"Bundle","id":"b","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"org","name":"Clinic"}]}}]}
            """);
        var patient = bundle.Child("entry")!.Value.Child("resource")!.Value;
        var organization = patient.Child("contained")!.Value;
        Assert.Equal("org; p", Of("%resource.id | %rootResource.id", organization.Child("name")!.Value));
        Assert.Equal("p; p", Of("%resource.id.combine(%rootResource.id)", patient));
        Assert.Equal("b; b", Of("%resource.id.combine(%rootResource.id)", bundle.Child("entry")!.Value));
    }

    [Theory]
    [InlineData("name.family.hasValue()", "false")]
    [InlineData("name[1].family.exists()", "true")]
    [InlineData("name[1].family.extension(%`ext-data-absent-reason`).value", "unknown")]
    [InlineData("name[1].family = 'x'", "")]
    [InlineData("name[0].family", "Müller")]
    [InlineData("name[0].family = 'M\\u00fcller'", "true")]
    [InlineData("extension('https://x.org/count').value + 1", "4")]
    public void Sees_values_and_extensions_of_primitives(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("(3 | 1 | 2).sort()", "1; 2; 3")]
    [InlineData("name.given.sort($this desc)", "Li; Ana")]
    [InlineData("name.given.select($index)", "0; 1")]
    [InlineData("(1 | 2 | 3).aggregate($this + $total, 0)", "6")]
    [InlineData("(1 | 2 | 3).sum()", "6")]
    [InlineData("(4 | 1 | 3).max()", "4")]
    [InlineData("(1 | 2).avg()", "1.5")]
    [InlineData("iif(gender = 'female', 'she', 1 / 'x')", "she")]
    [InlineData("name.given.join(', ')", "Ana, Li")]
    [InlineData("coalesce({}, gender, 'x')", "female")]
    [InlineData("defineVariable('g', gender).name.given.first() & ' ' & %g", "Ana female")]
    [InlineData("name.given.repeat($this.substring(1))", "na; i; a")]
    public void Works_on_collections(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("2147483647 + 1", "")]
    [InlineData("79228162514264337593543950335 * 10", "")]
    [InlineData("1 / 0", "")]
    [InlineData("-7 mod 3", "-1")]
    [InlineData("7 div 2", "3")]
    [InlineData("2.power(10)", "1024")]
    [InlineData("(-1).sqrt()", "")]
    [InlineData("@9999-12-31.highBoundary()", "9999-12-31")]
    [InlineData("@9999-12-31T23:59:59.999Z.highBoundary()", "9999-12-31T23:59:59.999Z")]
    [InlineData("79228162514264337593543950335 year + 12 months", "")]
    public void Is_empty_where_a_number_does_not_fit(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "true")]
    [InlineData("id.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "false")]
    [InlineData("gender.memberOf('https://x.org/nowhere')", "")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true")]
    public void Asks_value_sets_and_types(string expression, string expected) => Assert.Equal(expected, Of(expression));

    [Theory]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><p class='a'>x<br/></p></div>", true)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><p onclick='x()'>x</p></div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><script>x</script></div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><a href=' JavaScript:x()'>x</a></div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><p>x</div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'> </div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>x</div><div xmlns='http://www.w3.org/1999/xhtml'>y</div>", false)]
    [InlineData("<div>x</div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>a &lt; b, &nbsp;&#233;&#xe9;&copy;</div>", true)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>a & b</div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>&unheard;</div>", false)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><img src='#x' alt='x'/></div>", true)]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'><img src='#x'/></div>", false)]
    public void Checks_narrative(string narrative, bool allowed)
    {
        var resource = Parsed("{\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\",\"div\":\"" + narrative + "\"}}");
        Assert.Equal(allowed ? "true" : "false", Of("text.div.htmlChecks()", resource));
    }

    [Fact]
    public void Tells_the_context_what_trace_sees()
    {
        var seen = new List<string>();
        var context = Context with { Trace = (name, values) => seen.Add($"{name}: {string.Join(", ", values.Items.Select(v => v.ToString()))}") };
        Assert.Equal(2, FhirPathExpression.Parse("name.given.trace('used').count()").Value.Evaluate(PathValues.Of(Patient), context).Value.Items[0].Value);
        Assert.Equal(["used: Ana, Li"], seen);
    }

    [Theory]
    [InlineData("name.given.single()")]
    [InlineData("name.given + 'x'")]
    [InlineData("name.given > 'x'")]
    [InlineData("gender > 3")]
    [InlineData("name.substring(1)")]
    [InlineData("gender.matches(id & '[')")]
    [InlineData("birthDate + 1 'a'")]
    [InlineData("birthDate + 1")]
    [InlineData("conformsTo('https://x.org/other')")]
    [InlineData("'a'.repeat($this & 'a')")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.select(replace('a', $this)).select(replace('a', $this)).select(replace('a', $this)).select(replace('a', $this))")]
    public void Signals_an_error_where_the_language_has_no_answer(string expression) => Assert.Equal(ExpressionFault.Execution, FaultOf(expression));

    private static ExpressionFault FaultOf(string expression) => Assert.IsType<Failure.FhirPath>(Outcome(expression, Patient).Failure).Fault;

    [Theory]
    [InlineData("name.", ExpressionFault.Syntax, 1, 6)]
    [InlineData("name.given(", ExpressionFault.Syntax, 1, 12)]
    [InlineData("name where", ExpressionFault.Syntax, 1, 6)]
    [InlineData("name.nothing()", ExpressionFault.Semantic, 1, 6)]
    [InlineData("name.\n  first(1)", ExpressionFault.Semantic, 2, 3)]
    [InlineData("name is Nothing", ExpressionFault.Semantic, 1, 9)]
    [InlineData("name.where(family.matches('(?=x)'))", ExpressionFault.Semantic, 1, 27)]
    [InlineData("'open", ExpressionFault.Syntax, 1, 1)]
    [InlineData("1 + /* open", ExpressionFault.Syntax, 1, 5)]
    [InlineData("@2024-13", ExpressionFault.Syntax, 1, 1)]
    [InlineData("a # b", ExpressionFault.Syntax, 1, 3)]
    [InlineData("$that", ExpressionFault.Syntax, 1, 1)]
    [InlineData("", ExpressionFault.Syntax, 1, 1)]
    public void Is_refused_with_the_place_where_it_goes_wrong(string expression, ExpressionFault fault, int line, int column)
    {
        var failure = Assert.IsType<Failure.FhirPath>(FhirPathExpression.Parse(expression).Failure);
        Assert.Equal((fault, line, column), (failure.Fault, failure.Line, failure.Column));
    }

    [Theory]
    [InlineData("name.given.single()", 1, 12)]
    [InlineData("gender.\nselect(id.substring(1 | 2))", 2, 11)]
    [InlineData("name.exists() and name.given.first() + 1 > 2", 1, 38)]
    [InlineData("name.given.where($this > 3)", 1, 24)]
    [InlineData("%nobody", 1, 1)]
    public void Fails_with_the_place_where_evaluation_goes_wrong(string expression, int line, int column)
    {
        var failure = Assert.IsType<Failure.FhirPath>(Outcome(expression, Patient).Failure);
        Assert.Equal((ExpressionFault.Execution, line, column), (failure.Fault, failure.Line, failure.Column));
    }

    [Theory]
    [InlineData("(", ")", 100_000)]
    [InlineData("1 + ", "", 100_000)]
    [InlineData("a.", "", 100_000)]
    [InlineData("-", "", 100_000)]
    [InlineData("iif(true, ", ")", 1_000)]
    public void Is_refused_when_it_nests_too_deep(string before, string after, int times)
    {
        var text = string.Concat(Enumerable.Repeat(before, times)) + "x" + string.Concat(Enumerable.Repeat(after, times));
        Assert.Equal(ExpressionFault.Syntax, Assert.IsType<Failure.FhirPath>(FhirPathExpression.Parse(text).Failure).Fault);
    }

    [Fact]
    public void May_be_used_by_many_threads_at_once()
    {
        var expression = FhirPathExpression.Parse("name.given.where($this = 'Ana').count() + component.count()").Value;
        var wrong = 0;
        Parallel.For(0, 10_000, i =>
        {
            var answer = expression.Evaluate(PathValues.Of(i % 2 == 0 ? Patient : Observation), Context).Value.Items[0].Value;
            if (!Equals(answer, 1))
                Interlocked.Increment(ref wrong);
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void May_be_evaluated_while_another_one_asks_for_a_constant()
    {
        var inner = FhirPathExpression.Parse("name.given.count()").Value;
        var context = Context with { Constant = _ => inner.Evaluate(PathValues.Of(Patient), Context).Value };
        Assert.Equal(4, FhirPathExpression.Parse("%a + %b").Value.Evaluate(PathValues.Empty, context).Value.Items[0].Value);
    }
}
