using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>Composites, what people read, identifiers by their type, units, escapes, long chains: with what is expected written down by hand.</summary>
public abstract class Searches_look_closer(Engine engine)
{
    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Organization","id":"top","name":"Top"}""");
        await store.Put("""{"resourceType":"Organization","id":"mid","name":"Mid","partOf":{"reference":"Organization/top"}}""");
        await store.Put("""{"resourceType":"Organization","id":"low","name":"Low","partOf":{"reference":"Organization/mid"}}""");
        await store.Put("""{"resourceType":"Patient","id":"ann","managingOrganization":{"reference":"Organization/low"},"name":[{"family":"Smith, Jr"}],"identifier":[{"type":{"coding":[{"system":"urn:types","code":"MR"}],"text":"Medical record"},"system":"urn:a","value":"7|7"},{"type":{"coding":[{"system":"urn:types","code":"SS"}]},"value":"9"}]}""");
        await store.Put("""{"resourceType":"Patient","id":"bob","identifier":[{"type":{"coding":[{"system":"urn:types","code":"SS"}]},"value":"7"},{"type":{"coding":[{"code":"MR"}]},"value":"9"}]}""");
        await store.Put(Pressure("bp1", "ann", 150, 70));
        await store.Put(Pressure("bp2", "bob", 70, 150));
        await store.Put("""{"resourceType":"Observation","id":"mg","status":"final","code":{"coding":[{"system":"urn:c","code":"dose"}],"text":"Dose of iron"},"subject":{"reference":"Patient/ann"},"valueQuantity":{"value":5.4,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}""");
        await store.Put("""{"resourceType":"Observation","id":"g","status":"final","code":{"coding":[{"system":"urn:c","code":"dose","display":"Iron, dose"}]},"effectiveDateTime":"2026-05-01","valueQuantity":{"value":0.0054,"unit":"g","system":"http://unitsofmeasure.org","code":"g"}}""");
        await store.Put("""{"resourceType":"Observation","id":"text","status":"final","code":{"text":"Dose by word"},"effectiveDateTime":"2016-06-01","valueString":"x$y"}""");
        await store.Put("""{"resourceType":"ValueSet","id":"a","url":"http://x.example/fhir/a","status":"active"}""");
        await store.Put("""{"resourceType":"ValueSet","id":"ab","url":"http://x.example/fhir/a/b","status":"active"}""");
        await store.Put("""{"resourceType":"DocumentReference","id":"doc","status":"current","content":[{"attachment":{"url":"http://x.example"}}],"relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/old"}},{"code":"appends","target":{"reference":"DocumentReference/other"}}]}""");
        await store.Put("""{"resourceType":"MolecularSequence","id":"seq","coordinateSystem":0,"referenceSeq":{"chromosome":{"coding":[{"code":"5"}]},"windowStart":1,"windowEnd":9},"variant":[{"start":3,"end":4},{"start":6,"end":7}]}""");
        return store;
    }

    private static string Pressure(string id, string patient, int systolic, int diastolic) => $$$"""
        {"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"code":"bp"}]},"subject":{"reference":"Patient/{{{patient}}}"},"component":[
        {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{{{systolic}}},"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
        {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":{{{diastolic}}},"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}
        """;

    [Theory]
    [InlineData("Observation?component-code-value-quantity=8480-6$gt140", "bp1")]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|8462-4$gt140|http://unitsofmeasure.org|mm[Hg]", "bp2")]
    [InlineData("Observation?component-code-value-quantity=8480-6$gt140,8462-4$gt140", "bp1 bp2")]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|$gt140", "bp1 bp2")]
    [InlineData("Observation?combo-code-value-quantity=dose$0.0054|http://unitsofmeasure.org|g", "mg g")]
    [InlineData("Observation?code-value-quantity=dose$lt1", "g")]
    [InlineData("Observation?code-value-string=dose$x", "")]
    [InlineData("Observation?component-code-value-quantity:missing=false", "bp1 bp2")]
    [InlineData("Observation?code-value-quantity:missing=true", "bp1 bp2 text")]
    [InlineData("DocumentReference?relationship=replaces$DocumentReference/old", "doc")]
    [InlineData("DocumentReference?relationship=appends$DocumentReference/old", "")]
    [InlineData("MolecularSequence?chromosome-variant-coordinate=5$gt5$lt8", "seq")]
    [InlineData("MolecularSequence?chromosome-variant-coordinate=5$lt4$gt6", "")]
    [InlineData("MolecularSequence?chromosome-window-coordinate=5$1$9", "seq")]
    [InlineData("Observation?code:text=dose", "mg text")]
    [InlineData("Observation?code:text=DÓSE of,iron", "mg g")]
    [InlineData("Observation?code:text=word", "")]
    [InlineData("Observation?code:missing=true", "")]
    [InlineData("Patient?identifier:text=medical", "ann")]
    [InlineData("Patient?identifier:of-type=urn:types|MR|7\\|7", "ann")]
    [InlineData("Patient?identifier:of-type=urn:types|SS|7", "bob")]
    [InlineData("Patient?identifier:of-type=|MR|9", "bob")]
    [InlineData("Patient?identifier=urn:a|7\\|7", "ann")]
    [InlineData("Patient?family=smith\\, jr", "ann")]
    [InlineData("Observation?value-string=x\\$y", "text")]
    [InlineData("Observation?value-quantity=5.4|http://unitsofmeasure.org|mg", "mg g")]
    [InlineData("Observation?value-quantity=5400|http://unitsofmeasure.org|ug", "mg g")]
    [InlineData("Observation?value-quantity=gt5.4|http://unitsofmeasure.org|mg", "")]
    [InlineData("Observation?value-quantity=ap0.005|http://unitsofmeasure.org|g", "mg g")]
    [InlineData("Observation?value-quantity=5.4||mg", "mg")]
    [InlineData("Observation?date=ap2026-04-28", "g")]
    [InlineData("Observation?date=ap2017", "text")]
    [InlineData("Observation?date=ap2026-03-30", "")]
    [InlineData("ValueSet?url:above=http://x.example/fhir/a/b/c", "a ab")]
    [InlineData("ValueSet?url:above=http://x.example/fhir/ab", "")]
    [InlineData("Observation?patient.organization.partof.partof.name=top", "bp1 mg")]
    [InlineData("Organization?_has:Organization:partof:_has:Organization:partof:_has:Patient:organization:_has:Observation:patient:code=bp", "top")]
    [InlineData("Organization?_has:Patient:organization:_has:Observation:patient:component-code-value-quantity=8480-6$gt140", "low")]
    [InlineData("Observation?patient._has:Observation:patient:code=dose&code=bp", "bp1")]
    public async Task Each_finds_what_it_says(string search, string ids)
    {
        await using var store = await Filled();
        Assert.Equal(ids, await store.Found(search));
    }

    [Theory]
    [InlineData("Patient?_id=ann&_include=Patient:organization", "low")]
    [InlineData("Patient?_id=ann&_include=Patient:organization&_include:iterate=Organization:partof", "low mid top")]
    [InlineData("Patient?_id=ann&_include=*&_include:iterate=*", "low mid top")]
    [InlineData("Patient?_id=ann&_include=Patient:*:Practitioner", "")]
    [InlineData("Organization?_id=top&_revinclude:iterate=Organization:partof", "low mid")]
    [InlineData("Organization?_id=top&_revinclude:iterate=*", "ann bp1 low mg mid")]
    [InlineData("Patient?_id=ann&_revinclude=Observation:*", "bp1 mg")]
    [InlineData("Patient?_id=ann&_revinclude=Observation:subject:Group", "")]
    [InlineData("Observation?_id=mg&_include=Observation:subject:Patient&_include:iterate=Patient:organization", "ann low")]
    public async Task Includes_go_as_far_as_they_are_told(string search, string ids)
    {
        await using var store = await Filled();
        Assert.Equal(ids, string.Join(' ', (await store.Search(search)).Includes.Select(i => i.Key.Id.ToString()).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Location?near=1|2", "not supported")]
    [InlineData("Observation?code-value-quantity=dose", "2 values")]
    [InlineData("Observation?code-value-quantity=dose$many", "malformed")]
    [InlineData("Observation?code-value-quantity:exact=dose$1", "modifier")]
    [InlineData("Patient?_id:text=x", "modifier")]
    [InlineData("Patient?link.link.link.link.link.link.link.link.link.link.link.link.link.link.link.link.link.name=x", "too many types")]
    [InlineData("Provenance?target.target.target.name=x", "")]
    public void What_cannot_be_answered_is_refused(string search, string why)
    {
        var parts = search.Split('?');
        var failure = SearchQuery.Parse(parts[0], parts[1], SearchCatalog.R4, TempStore.Asked).Failure;
        Assert.Contains(why, Assert.Single(failure!.Issues).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Approximate_dates_need_the_time_of_asking() =>
        Assert.Contains("time of asking", Assert.Single(SearchQuery.Parse("Patient", "birthdate=ap1980", SearchCatalog.R4).Failure!.Issues).Text, StringComparison.Ordinal);
}

public sealed class Searches_look_closer_in_SQLite() : Searches_look_closer(Engine.Sqlite);

public sealed class Searches_look_closer_in_PostgreSQL() : Searches_look_closer(Engine.Postgres);
