using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Fhir.Tests.Search;

/// <summary>A parameter whose values other parameters find as well needs no index rows of its own: the expressions alone say which.</summary>
public sealed class Rows_that_are_spared
{
    private static string? Source(string type, string code) => SearchCatalog.R4.SourceOf(SearchCatalog.R4.Find(type, code)!) is { } source
        ? string.Join(" | ", source.Parameters.Select(p => p.Code)) + (source.Target is { } target ? $" -> {target}" : "") : null;

    [Theory]
    [InlineData("Observation", "patient", "subject -> Patient")]
    [InlineData("Encounter", "practitioner", "participant -> Practitioner")]
    [InlineData("Observation", "combo-code", "code | component-code")]
    [InlineData("Observation", "combo-value-quantity", "component-value-quantity | value-quantity")]
    [InlineData("Patient", "phonetic", "name")]
    [InlineData("Observation", "subject", null)]
    [InlineData("Observation", "code", null)]
    [InlineData("Patient", "phone", null)]
    [InlineData("Patient", "family", null)]
    [InlineData("Claim", "patient", null)]
    public void Stand_with_those_of_others(string type, string code, string? source) => Assert.Equal(source, Source(type, code));

    [Fact]
    public void Stay_where_they_are_when_parameters_are_added()
    {
        var added = Resource.Parse("""{"resourceType":"SearchParameter","url":"http://x/y","status":"active","code":"own","base":["Observation"],"type":"token","expression":"Observation.code"}"""u8.ToArray()).Value;
        var catalog = SearchCatalog.R4.With([added]).Value;
        Assert.Null(catalog.SourceOf(catalog.Find("Observation", "own")!));
        Assert.Equal("code", catalog.SourceOf(catalog.Find("Observation", "combo-code")!)!.Parameters[0].Code);
        Assert.All(SearchCatalog.R4.Indexed, p => Assert.Equal(SearchCatalog.R4.FingerprintOf(p), catalog.FingerprintOf(p)));
    }

    [Fact]
    public void Are_told_apart_value_by_value()
    {
        var values = new IndexEntries();
        values.Fill(Resource.Parse("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"s","code":"c"}]},"subject":{"reference":"Patient/1","type":"Patient","identifier":{"value":"i"}}}"""u8.ToArray()).Value, SearchCatalog.R4);
        var rows = new List<string>();
        foreach (ref readonly var value in values.All)
            if (values.HasRow(value))
                rows.Add($"{values.Parameter(value).Code} {value.Kind}");
        Assert.Equal(["code Token", "patient Identifier", "status Token", "subject Identifier", "subject Reference"], rows.Order(StringComparer.Ordinal));
    }
}
