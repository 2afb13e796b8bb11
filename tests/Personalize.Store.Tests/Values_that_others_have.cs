using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>Parameters whose values other parameters have as well (<c>patient</c>, <c>combo-code</c>) have no index rows of their own, and are searched as all others.</summary>
public abstract class Values_that_others_have(Engine engine)
{
    private static readonly string[] _people =
    [
        """{"resourceType":"Patient","id":"x","name":[{"family":"Ann"}]}""",
        """{"resourceType":"Group","id":"x","type":"person","actual":true,"code":{"text":"all"}}""",
        """{"resourceType":"Device","id":"d","deviceName":[{"name":"Ann","type":"user-friendly-name"}]}""",
        """{"resourceType":"Observation","id":"a","status":"final","code":{"coding":[{"code":"c"}],"text":"Height"},"subject":{"reference":"Patient/x"},"valueQuantity":{"value":5,"unit":"m","system":"http://unitsofmeasure.org","code":"m"}}""",
        """{"resourceType":"Observation","id":"b","status":"final","code":{"coding":[{"code":"d"}]},"subject":{"reference":"Group/x"},"component":[{"code":{"coding":[{"code":"c","display":"Height of all"}]},"valueQuantity":{"value":3,"unit":"m","system":"http://unitsofmeasure.org","code":"m"}}]}""",
        """{"resourceType":"Observation","id":"c","status":"final","code":{"text":"none"},"subject":{"reference":"Device/d"}}""",
        """{"resourceType":"Observation","id":"d","status":"final","code":{"text":"none"},"subject":{"reference":"http://elsewhere/Patient/x"}}""",
        """{"resourceType":"Observation","id":"e","status":"final","code":{"text":"none"},"subject":{"type":"Patient","identifier":{"system":"s","value":"1"}}}""",
        """{"resourceType":"Observation","id":"f","status":"final","code":{"text":"none"},"subject":{"type":"Device","identifier":{"system":"s","value":"1"}}}""",
        """{"resourceType":"Observation","id":"g","status":"final","code":{"text":"none"}}""",
    ];

    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        foreach (var one in _people)
            await store.Put(one);
        return store;
    }

    public static TheoryData<string, string> Searches => new()
    {
        { "Observation?patient=Patient/x", "a" },
        { "Observation?patient=x", "a" },
        { "Observation?subject=x", "a b" },
        { "Observation?subject=Patient/x", "a" },
        { "Observation?patient=Group/x", "" },
        { "Observation?patient:Group=x", "" },
        { "Observation?patient=http://elsewhere/Patient/x", "d" },
        { "Observation?patient:identifier=s|1", "e" },
        { "Observation?subject:identifier=s|1", "e f" },
        { "Observation?patient:missing=false", "a d e" },
        { "Observation?patient:missing=true", "b c f g" },
        { "Observation?patient.name=ann", "a" },
        { "Observation?subject.device-name=ann", "c" },
        { "Observation?patient:Device.device-name=ann", "" },
        { "Patient?_has:Observation:patient:code=c", "x" },
        { "Group?_has:Observation:patient:code=d", "" },
        { "Group?_has:Observation:subject:code=d", "x" },
        { "Observation?combo-code=c", "a b" },
        { "Observation?combo-code=c,d&patient=x", "a" },
        { "Observation?combo-code:not=c", "c d e f g" },
        { "Observation?combo-code:text=height", "a b" },
        { "Observation?combo-code:missing=false&combo-value-quantity:missing=true", "c d e f g" },
        { "Observation?combo-value-quantity=gt1|http://unitsofmeasure.org|cm", "a b" },
        { "Observation?combo-value-quantity=lt4", "b" },
        { "Observation?combo-code-value-quantity=c$lt4", "b" },
        { "Observation?combo-code:missing=false&_sort=-combo-code,_id&_count=2", "b a" },
        { "Observation?combo-value-quantity:missing=false&_sort=combo-value-quantity", "b a" },
        { "Observation?_sort=-patient,_id&_count=2", "a b" },
        { "Patient?phonetic=ann", "x" },
        { "Patient?phonetic:exact=Ann&_sort=phonetic", "x" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Are_found(string search, string expected)
    {
        await using var store = await Filled();
        Assert.Equal(expected, await store.Found(search));
        var query = store.Query(search);
        var all = _people.Select(TempStore.Parse).ToList();
        if (query.Count is null)
            Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
                all.Where(r => Matching.Matches(r, query, store.Store.Catalog, key => all.Find(o => o.Type == key.Type && o.Id == key.Id), type => all.Where(o => o.Type == type))).Select(r => r.Id!.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Patient?_id=x&_revinclude=Observation:patient", "x a")]
    [InlineData("Group?_id=x&_revinclude=Observation:patient", "x")]
    [InlineData("Group?_id=x&_revinclude=Observation:subject", "x b")]
    [InlineData("Group?_id=x&_revinclude=Observation:*", "x b")]
    [InlineData("Observation?_id=a,b&_include=Observation:patient", "a b x")]
    public async Task Are_followed(string search, string expected)
    {
        await using var store = await Filled();
        var page = await store.Search(search);
        Assert.Equal(expected, string.Join(' ', page.Matches.Concat(page.Includes).Select(m => m.Key.Id)));
    }

    [Fact]
    public async Task Lose_the_rows_that_they_had_when_a_store_of_before_is_opened()
    {
        var store = await Filled();
        store.Home.Run("INSERT INTO tok(p, code, rid, sys) SELECT p.p, t.code, t.rid, t.sys FROM tok t JOIN param o ON o.p=t.p JOIN param p ON p.type=o.type WHERE o.type='Observation' AND o.code='code' AND p.code='combo-code'");
        store.Home.Run("UPDATE param SET fingerprint='before' WHERE type='Observation' AND code IN ('combo-code', 'patient')");
        await using var again = await store.Reopen();
        Assert.Equal([0], again.Home.Ask("SELECT count(*) FROM tok t JOIN param p ON p.p=t.p WHERE p.code='combo-code'"));
        Assert.Equal("a b", await again.Found("Observation?combo-code=c"));
        Assert.Equal("e", await again.Found("Observation?patient:identifier=s|1"));
    }
}

public sealed class Values_that_others_have_in_SQLite() : Values_that_others_have(Engine.Sqlite);

public sealed class Values_that_others_have_in_PostgreSQL() : Values_that_others_have(Engine.Postgres);
