using System.Diagnostics;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>What SQL finds is what the matcher says, query by query, over the sample people, and over synthetic records where they are.</summary>
public abstract class Search_has_one_meaning(Search_has_one_meaning.Population population, ITestOutputHelper output)
{
    public static TheoryData<string> Queries =>
    [
        "Patient", "Patient?gender=female", "Patient?gender=http://hl7.org/fhir/administrative-gender|female", "Patient?gender=http://other|female", "Patient?gender=|female",
        "Patient?gender:not=female", "Patient?gender=male,female", "Patient?name=g", "Patient?family=re", "Patient?family:exact=Reilly981", "Patient?family:exact=reilly981", "Patient?name:contains=ll",
        "Patient?given=ALIX", "Patient?birthdate=ge1970", "Patient?birthdate=lt1970-01-01", "Patient?birthdate=ne1970", "Patient?birthdate=1954", "Patient?birthdate=sa1990-01&gender=male",
        "Patient?birthdate=ap1980", "Patient?birthdate=le1954", "Patient?deceased=true", "Patient?deceased=false", "Patient?death-date:missing=true", "Patient?death-date:missing=false", "Patient?language=es",
        "Patient?language:missing=true", "Patient?address-city=b", "Patient?address=ma", "Patient?telecom=555-555-5555", "Patient?phone:missing=false", "Patient?identifier=http://hospital.smarthealthit.org|",
        "Patient?identifier:missing=true", "Patient?_lastUpdated=gt2000", "Patient?_lastUpdated=lt2000", "Patient?_profile=http://x", "Patient?_tag=x",
        "Observation?code=8302-2", "Observation?code=http://loinc.org|8302-2", "Observation?code=http://loinc.org|8302-2,29463-7&date=ge2015", "Observation?code:not=8302-2&category=vital-signs",
        "Observation?value-quantity=gt100", "Observation?value-quantity=gt100|http://unitsofmeasure.org|cm", "Observation?value-quantity=lt5||kg", "Observation?value-quantity=ap80||kg", "Observation?value-quantity=ne80|http://unitsofmeasure.org|kg",
        "Observation?value-quantity=le50.0&code=29463-7", "Observation?combo-value-quantity=ge120|http://unitsofmeasure.org|mm[Hg]", "Observation?value-concept=http://snomed.info/sct|266919005",
        "Observation?subject:Patient.gender=female&code=8302-2", "Observation?patient.name=re", "Observation?subject.family=gr&category=laboratory", "Observation?category=laboratory&date=2018&value-quantity:missing=false",
        "Observation?date=ge2017-05-01T00:00:00-05:00&date=lt2018", "Observation?status=final&_id=id40", "Condition?code=44054006", "Condition?clinical-status=active&onset-date=lt2000",
        "Condition?abatement-date:missing=true&clinical-status=active", "Encounter?class=AMB", "Encounter?class:not=AMB&date=gt2010", "Encounter?date=2017", "Encounter?participant.name=r", "Encounter?service-provider.name=h",
        "Organization?name=hos", "Organization?address-state=MA&name:contains=center", "Practitioner?name=a&active=true", "Immunization?vaccine-code=140&date=ge2015", "MedicationRequest?status=active",
        "MedicationRequest?intent=order&code:missing=true", "Claim?use=claim&created=ge2018", "ExplanationOfBenefit?care-team:missing=false", "Patient?_has:Condition:patient:code=44054006", "Patient?_has:Observation:patient:code=8302-2&gender=male",
        "Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", "Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", "Patient?gender:below=http://hl7.org/fhir/administrative-gender|male",
        "Encounter?class:in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode", "Encounter?class:not-in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode", "Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|_ActEncounterCode",
        "Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP", "Encounter?class:above=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB", "Encounter?status:in=http://hl7.org/fhir/ValueSet/encounter-status&class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB",
        "Condition?clinical-status:below=http://terminology.hl7.org/CodeSystem/condition-clinical|active", "Condition?clinical-status:above=http://terminology.hl7.org/CodeSystem/condition-clinical|relapse", "Condition?clinical-status:not-in=http://hl7.org/fhir/ValueSet/condition-clinical",
        "Observation?category:in=http://hl7.org/fhir/ValueSet/observation-category&code:missing=false", "Observation?subject:Patient.gender:in=http://hl7.org/fhir/ValueSet/administrative-gender&code=8302-2", "Patient?_has:Encounter:patient:class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB",
        "Observation?code-value-quantity=http://loinc.org|29463-7$gt60", "Observation?code-value-quantity=8302-2$lt170|http://unitsofmeasure.org|cm,29463-7$lt60", "Observation?combo-code-value-quantity=8480-6$gt110",
        "Observation?component-code-value-quantity=http://loinc.org|8480-6$gt110|http://unitsofmeasure.org|mm[Hg]", "Observation?component-code-value-quantity=8480-6$lt80&status=final", "Observation?component-code-value-quantity=8480-6$gt110,8462-4$lt70",
        "Observation?combo-code-value-quantity:missing=true&date=ge2018", "Observation?component-code-value-quantity:missing=false", "Observation?code-value-concept=72166-2$266919005", "Observation?code-value-date=8302-2$gt2000",
        "Observation?component-code-value-quantity=http://loinc.org|$gt110", "Library?context-type-value=focus$x", "Group?characteristic-value=x$y",
        "Observation?code:text=body", "Observation?code:text=BODY HEIGHT,glucose", "Observation?category:text=vital", "Condition?code:text=diabetes", "Patient?identifier:text=medical record", "Patient?language:text=eng", "Encounter?type:text=encounter",
        "Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|999-76-6866", "Patient?identifier:of-type=|MR|x", "Organization?type:text=health&name=h",
        "Observation?value-quantity=gt0.1|http://unitsofmeasure.org|kg", "Observation?value-quantity=gt1|http://unitsofmeasure.org|m", "Observation?value-quantity=ap170|http://unitsofmeasure.org|cm", "Observation?value-quantity=ge0.5|http://unitsofmeasure.org|g/L&category=laboratory",
        "Observation?value-quantity=eq1.7|http://unitsofmeasure.org|m", "Observation?value-quantity=le0.2|http://unitsofmeasure.org|1", "Observation?value-quantity=ne1.7|http://unitsofmeasure.org|m&code=8302-2", "Observation?combo-value-quantity=sa0.016|http://unitsofmeasure.org|m[Hg]",
        "Observation?date=ap2017", "Observation?date=ap2026-05-01", "Encounter?date=ap2015-06&status=finished", "Observation?subject:Patient.general-practitioner.name=a", "Observation?encounter.subject.name=re&code=8302-2", "Observation?encounter.service-provider.partof.name=x",
        "Patient?_has:Encounter:patient:_has:Observation:encounter:code=8302-2", "Organization?_has:Encounter:service-provider:subject.gender=female", "Observation?patient._has:Condition:patient:code=44054006", "Patient?_has:Observation:patient:encounter.class=AMB",
        "Patient?_has:Observation:patient:component-code-value-quantity=8480-6$gt120", "Observation?patient._id=id1", "Patient?name=a\\,b,re", "Patient?identifier=http://hospital.smarthealthit.org|a\\|b", "CodeSystem?url:above=http://x/y/z", "ValueSet?url:missing=false",
        "Patient?_security:missing=true", "Patient?_source:missing=false", "Patient?_tag:not=x", "Patient?_profile:below=http://hl7.org", "Patient?_profile:missing=true&_id:not=id1", "Observation?code:missing=true", "Observation?_lastUpdated=ap2026-05", "Patient?_lastUpdated=ne2000",
        "Observation?subject:missing=true", "Patient?general-practitioner:missing=false", "Encounter?length=gt1", "Observation?patient:identifier=http://x|1", "DiagnosticReport?result.code:text=body",
        "Provenance?target:missing=false", "DiagnosticReport?result.code=2339-0", "ImagingStudy?started=gt1990", "CarePlan?activity-code=229065009", "Goal?patient.gender=male",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task The_store_finds_what_the_matcher_finds(string search)
    {
        var store = population.Store;
        var query = store.Query(search);
        var expected = population.Of(query.Type).Where(r => Matching.Matches(r, query, store.Store.Catalog, population.Find, population.Of)).Select(r => r.Id!.ToString()).Order(StringComparer.Ordinal).ToList();
        var found = (await All(search)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, found);
        Assert.Equal(expected.Count, (await store.Search(search + (search.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "_summary=count")).Total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_store_finds_what_the_matcher_finds_of_searches_made_at_random(int seed)
    {
        var random = new RandomSearches(seed, population.Store.Store.Catalog, population.All, population.Find);
        var found = 0;
        for (var at = 0; at < RandomEach; at++)
        {
            var search = random.Next();
            var query = population.Store.Query(search);
            var expected = population.Of(query.Type).Where(r => Matching.Matches(r, query, population.Store.Store.Catalog, population.Find, population.Of)).Select(r => r.Id!.ToString()).Order(StringComparer.Ordinal).ToList();
            var actual = (await All(search + "&_count=1000")).Order(StringComparer.Ordinal).ToList();
            Assert.True(expected.SequenceEqual(actual), $"{search}: the matcher finds {expected.Count}, the store {actual.Count}; {string.Join(' ', expected.Except(actual).Concat(actual.Except(expected)).Take(3))}");
            found += expected.Count > 0 ? 1 : 0;
        }
        Assert.InRange(found, RandomEach / 2, RandomEach);
    }

    private const int RandomEach = 60;

    [Fact]
    public void Most_queries_find_something()
    {
        Corpora.Folder("synthea");
        var hits = Queries.Select(q => population.Store.Query(q.Data)).Count(q => population.Of(q.Type).Any(r => Matching.Matches(r, q, population.Store.Store.Catalog, population.Find, population.Of)));
        Assert.InRange(hits, 90, Queries.Count - 5);
    }

    [Fact]
    public async Task The_time_of_searches_is_recorded()
    {
        string[] searches = ["Patient?name=ma", "Observation?code=8302-2&_sort=-date&_count=20", "Condition?clinical-status=active&_count=20", "Observation?subject:Patient.gender=female&category=laboratory&_count=20"];
        foreach (var search in searches)
        {
            var times = new List<double>();
            for (var i = 0; i < 60; i++)
            {
                var watch = Stopwatch.StartNew();
                Assert.NotEmpty((await population.Store.Search(search)).Matches);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            output.WriteLine($"{search}: p50 {times[30]:0.00} ms, p95 {times[56]:0.00} ms");
        }
    }

    private async Task<List<string>> All(string search)
    {
        var ids = new List<string>();
        SearchMark? mark = null;
        do
        {
            var page = await population.Store.Search(search, mark);
            ids.AddRange(page.Matches.Select(m => m.Key.Id.ToString()));
            mark = page.Next;
        }
        while (mark is not null);
        return ids;
    }

    public abstract class Population(Engine engine) : IAsyncLifetime
    {
        private ILookup<string, Resource> _byType = Enumerable.Empty<Resource>().ToLookup(r => r.Type);
        private Dictionary<ResourceKey, Resource> _byKey = [];

        private TempStore? _store;

        /// <summary>The store; skips the test where its engine is missing.</summary>
        public TempStore Store => _store ??= new(engine);

        /// <summary>Everything that is stored.</summary>
        public IReadOnlyList<Resource> All => [.. _byKey.Values];

        public IEnumerable<Resource> Of(string type) => _byType[type];

        public Resource? Find(ResourceKey key) => _byKey.GetValueOrDefault(key);

        public async ValueTask InitializeAsync()
        {
            if (engine == Engine.Postgres && !PostgresServer.IsHere)
                return;
            var synthetic = Corpora.AreHere ? Populations.Synthetic("2019-massachusetts").Skip(2).Take(6) : [];
            foreach (var bundle in Populations.SamplePeople().Concat(synthetic))
                Assert.Null((await Store.Post(bundle)).Failure);
            var all = new List<Resource>();
            SearchMark? mark = null;
            do
            {
                var page = (await Store.Store.History(TempStore.Operator, new() { Count = 1000, From = mark }, TempStore.Ct)).Value;
                all.AddRange(page.Entries.Select(e => Resource.Parse(e.Json).Value));
                mark = page.Next;
            }
            while (mark is not null);
            _byType = all.ToLookup(r => r.Type);
            _byKey = all.ToDictionary(r => new ResourceKey(r.Type, r.Id!));
        }

        public async ValueTask DisposeAsync()
        {
            if (_store is not null)
                await _store.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}

public sealed class Search_has_one_meaning_in_SQLite(Search_has_one_meaning_in_SQLite.People people, ITestOutputHelper output)
    : Search_has_one_meaning(people, output), IClassFixture<Search_has_one_meaning_in_SQLite.People>
{
    public sealed class People() : Population(Engine.Sqlite);
}

public sealed class Search_has_one_meaning_in_PostgreSQL(Search_has_one_meaning_in_PostgreSQL.People people, ITestOutputHelper output)
    : Search_has_one_meaning(people, output), IClassFixture<Search_has_one_meaning_in_PostgreSQL.People>
{
    public sealed class People() : Population(Engine.Postgres);
}
