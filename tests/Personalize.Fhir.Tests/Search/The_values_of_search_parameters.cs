using System.Collections.Concurrent;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Search;

namespace Personalize.Fhir.Tests;

public sealed class The_values_of_search_parameters
{
    private static readonly FhirPathContext Context = new(DateTimeOffset.UnixEpoch);
    private static readonly ConcurrentDictionary<string, FhirPathExpression> Parsed = new(StringComparer.Ordinal);

    [Fact]
    public void Are_those_that_FHIRPath_finds_in_all_examples_and_synthetic_records()
    {
        var found = 0;
        foreach (var resource in Examples.Read().SelectMany(example => WithEntries(Resource.Parse(example.Json).Value)))
        {
            var values = Taken(resource);
            Assert.Equal(Lines(Plain(resource)), Lines(values));
            found += values.Count;
        }
        Assert.True(found > 150_000, $"only {found} values");
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"Caf\u00e9  Noir","given":["Ann","MARÍA"],"_given":[null,{"id":"x"}]}],"telecom":[{"system":"phone","value":"1"},{"system":"email","value":"a@B.example"}]}""")]
    [InlineData("""{"resourceType":"Patient","deceasedDateTime":"2020-02","birthDate":"1950-12-31","generalPractitioner":[{"reference":"Practitioner/1/_history/2"},{"reference":"#p"},{"reference":"https://ehr.example/fhir/Organization/3"},{"identifier":{"system":"urn:s","value":"4"}},{"reference":"urn:uuid:5"},{"reference":"Practitioner?identifier=6"},{"reference":"Nothing/7"}]}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a\"b"},{"system":"urn:s"}]},"valueQuantity":{"value":-1.50e3,"comparator":">=","unit":"mg"},"effectiveDateTime":"2020-02-29T23:59:59.9999+05:30"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveTiming":{"event":["2020","0001-01-01","9999-12-31T23:59:59Z"]},"valueDateTime":"2016-12-31T23:59:60Z"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveTiming":{"repeat":{"boundsPeriod":{"start":"2020-01-01T00:00:00-14:00"}}}}""")]
    [InlineData("""{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1","type":"Patient"},"prediction":[{"probabilityRange":{"low":{"value":1},"high":{"value":2,"unit":"%"}}},{"probabilityDecimal":0.30}]}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"active","url":"http://a.example/q","derivedFrom":["http://a.example/b|1.0"],"useContext":[{"code":{"code":"x"},"valueQuantity":{"value":1,"unit":"a"}},{"code":{"code":"y"},"valueRange":{"low":{"value":1}}}]}""")]
    public void Are_those_that_FHIRPath_finds_in_odd_ones(string json)
    {
        var resource = Resource.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value;
        Assert.Equal(Lines(Plain(resource)), Lines(Taken(resource)));
    }

    [Fact]
    public void Cost_no_memory_of_their_own_when_they_are_taken_into_a_list_that_is_used_again()
    {
        var resource = Resource.Parse("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:s","code":"c"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2020-02-29T10:00:00Z","valueQuantity":{"value":1.5,"unit":"MG"}}"""u8.ToArray()).Value;
        var entries = new IndexEntries();
        entries.Fill(resource, SearchCatalog.R4);
        var before = GC.GetAllocatedBytesForCurrentThread();
        entries.Fill(resource, SearchCatalog.R4);
        Assert.Equal((0L, 8), (GC.GetAllocatedBytesForCurrentThread() - before, entries.Count));
    }

    private static IEnumerable<Resource> WithEntries(Resource resource) =>
        resource.Root.Children("entry").Select(e => e.Child("resource")).OfType<Element>().Select(e => Resource.Of(e).Value).Prepend(resource);

    private static List<IndexValue> Taken(Resource resource)
    {
        var entries = new IndexEntries();
        entries.Fill(resource, SearchCatalog.R4);
        var values = new HashSet<IndexValue>();
        foreach (ref readonly var entry in entries.All)
            values.Add(entries.Value(entry));
        // Quantities in base units and the parts of composites are looked at by themselves.
        return [.. values.Where(v => !v.Parameter.Code.Contains('$', StringComparison.Ordinal) && v is not CanonicalIndex)];
    }

    private static List<IndexValue> Plain(Resource resource)
    {
        var values = new List<IndexValue>();
        var conversion = new PlainConversion(values);
        foreach (var parameter in SearchCatalog.R4.For(resource.Type).Where(p => p.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && p.Code is not ("_id" or "_lastUpdated")))
            foreach (var value in Parsed.GetOrAdd(parameter.Expression, e => FhirPathExpression.Parse(e).Value).Evaluate(PathValues.Of(resource.Root), Context).Value.Items)
                if (value.Element is { } element)
                    conversion.Add(parameter, element);
                else
                    conversion.Add(parameter, value.Value);
        return values;
    }

    private static IEnumerable<string> Lines(IEnumerable<IndexValue> values) => values.Select(v => v with { Parameter = null! }).Zip(values, (bare, v) => $"{v.Parameter.Code} {bare}").Distinct().Order(StringComparer.Ordinal);
}
