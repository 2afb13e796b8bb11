using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

public abstract class Searches_answer(Engine engine)
{
    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Organization","id":"org","name":"Clínica Sur"}""");
        await store.Put("""{"resourceType":"Practitioner","id":"dr","name":[{"family":"Okafor"}]}""");
        await store.Put("""{"resourceType":"Patient","id":"ann","name":[{"family":"Ångström","given":["Ann Marie"]}],"gender":"female","birthDate":"1980-02-01","generalPractitioner":[{"reference":"Practitioner/dr"}],"managingOrganization":{"reference":"Organization/org"}}""");
        await store.Put("""{"resourceType":"Patient","id":"bob","name":[{"family":"Brown"}],"gender":"male","birthDate":"1990"}""");
        await store.Put("""{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/ann"},"effectiveDateTime":"2026-01-05T10:00:00-05:00","valueQuantity":{"value":9.1,"unit":"%","system":"http://unitsofmeasure.org","code":"%"}}""");
        await store.Put("""{"resourceType":"Observation","id":"o2","status":"preliminary","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"Patient/bob"},"effectivePeriod":{"start":"2026-02-01","end":"2026-02-03"},"valueQuantity":{"value":6.5,"unit":"%"}}""");
        await store.Put("""{"resourceType":"Observation","id":"o3","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]},"subject":{"identifier":{"system":"http://mrn","value":"77"}}}""");
        await store.Put("""{"resourceType":"ValueSet","id":"vs","url":"http://example.org/vs/a1c","status":"active"}""");
        await store.Put("""{"resourceType":"RiskAssessment","id":"risk","status":"final","subject":{"reference":"Patient/ann"},"prediction":[{"probabilityDecimal":0.25}]}""");
        return store;
    }

    [Theory]
    [InlineData("Patient?name=angstrom", "ann")]
    [InlineData("Patient?name=marie", "")]
    [InlineData("Patient?name:contains=marie", "ann")]
    [InlineData("Patient?family:exact=Brown", "bob")]
    [InlineData("Patient?birthdate=1990-05", "")]
    [InlineData("Patient?birthdate=ge1990", "bob")]
    [InlineData("Patient?_id=ann,bob", "ann bob")]
    [InlineData("Patient?_id:not=ann", "bob")]
    [InlineData("Patient?organization=org", "ann")]
    [InlineData("Patient?organization=Organization/org", "ann")]
    [InlineData("Patient?organization.name=clinica", "ann")]
    [InlineData("Patient?general-practitioner:Practitioner.family=oka", "ann")]
    [InlineData("Observation?code=4548-4", "o1 o2")]
    [InlineData("Observation?code=http://loinc.org|4548-4&status=final", "o1")]
    [InlineData("Observation?code=http://loinc.org|", "o1 o2 o3")]
    [InlineData("Observation?code=|4548-4", "")]
    [InlineData("Observation?date=2026-01-05T15:00:00Z", "o1")]
    [InlineData("Observation?date=ge2026-02-02", "o2")]
    [InlineData("Observation?date=eb2026-02", "o1")]
    [InlineData("Observation?value-quantity=9.1|http://unitsofmeasure.org|%25", "o1")]
    [InlineData("Observation?value-quantity=lt9||%25", "o2")]
    [InlineData("Observation?subject=Patient/ann", "o1")]
    [InlineData("Observation?subject:Patient=ann", "o1")]
    [InlineData("Observation?subject:identifier=http://mrn|77", "o3")]
    [InlineData("Observation?subject:missing=true", "")]
    [InlineData("Observation?date:missing=true", "o3")]
    [InlineData("ValueSet?url=http://example.org/vs/a1c", "vs")]
    [InlineData("ValueSet?url:below=http://example.org/vs", "vs")]
    [InlineData("RiskAssessment?probability=0.25", "risk")]
    [InlineData("RiskAssessment?probability=gt0.3", "")]
    [InlineData("Patient?_has:Observation:patient:code=4548-4&_has:RiskAssessment:subject:probability=gt0.2", "ann")]
    [InlineData("Patient?_sort=-birthdate", "bob ann")]
    [InlineData("Observation?_sort=-date", "o2 o1 o3")]
    [InlineData("Observation?_sort=date,-_id", "o1 o2 o3")]
    [InlineData("Observation?_sort=-status,_id", "o2 o1 o3")]
    [InlineData("Observation?_sort=value-quantity", "o2 o1 o3")]
    [InlineData("Patient?_sort=-_lastUpdated", "bob ann")]
    [InlineData("Patient?_sort=name", "ann bob")]
    public async Task Every_kind_of_parameter_finds_its_resources(string search, string ids)
    {
        await using var store = await Filled();
        Assert.Equal(ids, await store.Found(search));
    }

    [Theory]
    [InlineData("Patient?nosuch=1", "nosuch")]
    [InlineData("Patient?birthdate=yesterday", "birthdate")]
    [InlineData("Patient?gender:in=x", "gender:in")]
    [InlineData("Observation?value-quantity=abc", "value-quantity")]
    [InlineData("Patient?_sort=nosuch", "_sort")]
    [InlineData("Patient?_include=Patient:name", "_include")]
    [InlineData("Patient?family=%00", "family")]
    [InlineData("Patient?organization:Organization.name:exact=a%00b", "organization")]
    [InlineData("Patient?_count=many", "_count")]
    public async Task What_is_unknown_or_malformed_is_refused_by_name(string search, string name)
    {
        await using var store = new TempStore(engine);
        var parts = search.Split('?');
        var failure = SearchQuery.Parse(parts[0], parts[1], store.Store.Catalog).Failure;
        Assert.Contains(name, Assert.IsType<Failure.Invalid>(failure).Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lenient_search_drops_what_it_does_not_know_and_says_so_in_self()
    {
        await using var store = await Filled();
        var query = SearchQuery.Parse("Patient", [new("nosuch", "1"), new("gender", "female")], store.Store.Catalog, true).Value;
        Assert.Equal(["gender"], query.Self.Select(p => p.Key));
        var refused = SearchQuery.Parse("Patient", [new("birthdate", "yesterday")], store.Store.Catalog, true);
        Assert.IsType<Failure.Invalid>(refused.Failure);
    }

    [Fact]
    public async Task Texts_of_any_length_are_found_whole_and_in_part()
    {
        await using var store = new TempStore(engine);
        var (name, number, url) = ("Long " + new string('x', 5_000), new string('7', 3_000), "http://example.org/" + new string('u', 3_000));
        foreach (var end in new[] { "a", "b" })
        {
            await store.Put($$"""{"resourceType":"Organization","id":"o{{end}}","name":"{{name}}{{end}}","identifier":[{"system":"{{url}}","value":"{{number}}{{end}}"}]}""");
            await store.Put($$"""{"resourceType":"ValueSet","id":"v{{end}}","url":"{{url}}{{end}}","status":"active"}""");
        }
        Assert.Equal("oa ob", await store.Found($"Organization?name={name[..100]}"));
        Assert.Equal("oa ob", await store.Found($"Organization?name={name}"));
        Assert.Equal("ob", await store.Found($"Organization?name={name}b"));
        Assert.Equal("oa", await store.Found($"Organization?name:exact={name}a"));
        Assert.Equal("ob", await store.Found("Organization?name:contains=xb"));
        Assert.Equal("oa", await store.Found($"Organization?identifier={number}a"));
        Assert.Equal("ob", await store.Found($"Organization?identifier={url}|{number}b"));
        Assert.Equal("va", await store.Found($"ValueSet?url={url}a"));
        Assert.Equal("va vb", await store.Found($"ValueSet?url:below={url[..100]}"));
        Assert.Equal("ob oa", await store.Found("Organization?_sort=-name"));
    }

    [Fact]
    public async Task Includes_bring_what_is_referred_to_and_what_refers()
    {
        await using var store = await Filled();
        var page = await store.Search("Patient?_id=ann&_include=Patient:general-practitioner&_revinclude=Observation:subject");
        Assert.Equal(["dr", "o1"], page.Includes.Select(i => i.Key.Id.ToString()).Order(StringComparer.Ordinal));
        var all = await store.Search("Patient?_id=ann&_include=*&_revinclude=*");
        Assert.Equal(["dr", "o1", "org", "risk"], all.Includes.Select(i => i.Key.Id.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty((await store.Search("Observation?_id=o1&_include=Observation:subject:Group")).Includes);
    }

    [Fact]
    public async Task Pages_show_the_data_of_the_first_one_while_others_write()
    {
        await using var store = new TempStore(engine);
        for (var i = 0; i < 25; i++)
            await store.Put($$"""{"resourceType":"Patient","id":"p{{i:00}}","birthDate":"19{{50 + (i % 7)}}-01-01"}""");
        foreach (var sort in new[] { "_id", "-birthdate,_id", "-_lastUpdated", "birthdate" })
        {
            var before = (await store.Search($"Patient?_sort={sort}&_count=100")).Matches.Select(m => m.Key.Id.ToString()).ToList();
            var paged = new List<string>();
            SearchMark? mark = null;
            do
            {
                var page = await store.Search($"Patient?_sort={sort}&_count=4", mark);
                Assert.All(page.Matches, m => Assert.DoesNotContain("deceased", TempStore.Text(m.Json), StringComparison.Ordinal));
                paged.AddRange(page.Matches.Select(m => m.Key.Id.ToString()));
                mark = page.Next;
                await store.Put($$"""{"resourceType":"Patient","id":"p{{paged.Count % 25:00}}","birthDate":"1900-01-01","deceasedBoolean":true}""");
                await store.Put($$"""{"resourceType":"Patient","id":"new{{sort.Length}}{{paged.Count}}","birthDate":"1953-01-01","deceasedBoolean":true}""");
            }
            while (mark is not null);
            Assert.Equal(before, paged);
            for (var i = 0; i < 25; i++)
                await store.Put($$"""{"resourceType":"Patient","id":"p{{i:00}}","birthDate":"19{{50 + (i % 7)}}-01-01"}""");
            foreach (var made in (await store.Search("Patient?deceased=true&_count=100")).Matches)
                await store.Delete(made.Key.ToString());
        }
    }

    [Fact]
    public async Task A_total_is_given_when_asked_for_or_cheap()
    {
        await using var store = await Filled();
        Assert.Equal(2, (await store.Search("Patient")).Total);
        Assert.Null((await store.Search("Patient?_total=none")).Total);
        var counted = await store.Search("Observation?_summary=count");
        Assert.Equal((3L, 0), (counted.Total, counted.Matches.Length));
    }

    private const string Nickname = """{"resourceType":"SearchParameter","id":"nick","url":"http://x/nick","name":"Nick","status":"active","description":"d","code":"nick","base":["Patient"],"type":"string","expression":"Patient.name.where(use='nickname').given"}""";

    [Theory]
    [InlineData("Patient.name.where(use='nickname').given", "Patient.name.where(", "expression")]
    [InlineData("\"nick\",\"base\"", "\"family\",\"base\"", "code")]
    [InlineData("\"type\":\"string\"", "\"type\":\"composite\"", "component")]
    public async Task Parameters_that_cannot_be_searched_are_not_stored(string sound, string wrong, string place)
    {
        await using var store = new TempStore(engine);
        var failure = Assert.IsType<Failure.Unprocessable>((await store.TryPut(Nickname.Replace(sound, wrong, StringComparison.Ordinal))).Failure);
        Assert.Equal("SearchParameter." + place, failure.Issues[0].Expression);
    }

    [Fact]
    public async Task Parameters_that_are_added_later_find_what_is_stored_already()
    {
        var first = await Filled();
        var catalog = SearchCatalog.R4.With([TempStore.Parse("""{"resourceType":"SearchParameter","url":"http://x/given-first","name":"n","status":"active","description":"d","code":"given-first","base":["Patient"],"type":"string","expression":"Patient.name.given.first()"}""")]).Value;
        await using var second = await first.Reopen(catalog);
        Assert.Equal("ann", await second.Found("Patient?given-first=ann"));
        Assert.Equal("bob", await second.Found("Patient?family=brown"));
    }

    [Fact]
    public async Task With_ten_thousand_included_resources_at_most()
    {
        await using var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Patient","id":"p"}""");
        await store.Put("""{"resourceType":"Patient","id":"q"}""");
        var changes = Enumerable.Range(0, 10_001).Select(n => TempStore.Parse($$"""{"resourceType":"Basic","id":"b{{n}}","code":{"text":"x"},"subject":{"reference":"Patient/{{(n < 6_000 ? "p" : "q")}}"} }"""));
        Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. changes.Select(basic => Change.Update(basic.Id!, basic))], TempStore.Ct)).Failure);
        var all = await store.Store.Search(TempStore.Operator, store.Query("Patient?_revinclude=Basic:subject"), null, TempStore.Ct);
        Assert.Equal("too-costly", all.Failure!.Issues[0].Code);
        Assert.Equal(6_000, (await store.Search("Patient?_revinclude=Basic:subject&_count=1")).Includes.Length);
    }
}

public sealed class Searches_answer_in_SQLite() : Searches_answer(Engine.Sqlite);

public sealed class Searches_answer_in_PostgreSQL() : Searches_answer(Engine.Postgres);
