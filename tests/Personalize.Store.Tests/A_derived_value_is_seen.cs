using System.Collections.Immutable;
using System.Text;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

/// <summary>Two people: <c>p</c> is in the segment "sick", which rests on Conditions, and in "old", which rests on the Patient; <c>q</c> in "old" alone.</summary>
public abstract class A_derived_value_is_seen(Engine engine)
{
    private const string SegmentParameter = """
        {"resourceType":"SearchParameter","code":"segment","base":["Patient"],"type":"token","url":"https://personalize-fhir.org/fhir/SearchParameter/patient-segment",
         "expression":"Patient.extension.where(url = 'https://personalize-fhir.org/fhir/StructureDefinition/patient-segment').extension.where(url = 'code').value"}
        """;
    private const string ChannelParameter = """
        {"resourceType":"SearchParameter","code":"preferred-channel","base":["Patient"],"type":"token","url":"https://personalize-fhir.org/fhir/SearchParameter/patient-preferred-channel",
         "expression":"Patient.extension.where(url = 'https://personalize-fhir.org/fhir/StructureDefinition/patient-preference' and extension.where(url = 'kind' and value = 'channel').exists()).extension.where(url = 'value').value"}
        """;

    private static readonly Access _patients = new("Practitioner/x", [new Grant("Patient", Rights.All, false), new Grant("Task", Rights.All, false)], null);
    private static readonly Access _conditions = _patients with { Grants = [.. _patients.Grants, new Grant("Condition", Rights.Read, false), new Grant("Observation", Rights.Read, false)] };
    private static readonly Access _chart = new("Practitioner/x", [new Grant("*", Rights.All, true)], ResourceId.Of("p"));

    private static string Segment(string code) =>
        $$"""{"url":"{{DerivedExtensions.Segment}}","extension":[{"url":"code","valueCoding":{"system":"https://personalize-fhir.org/fhir/CodeSystem/segment","code":"{{code}}"} }]}""";

    private const string Channel =
        $$"""{"url":"{{DerivedExtensions.Preference}}","extension":[{"url":"kind","valueCode":"channel"},{"url":"value","valueCoding":{"system":"urn:channel","code":"sms"} }]}""";

    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine, SearchCatalog.R4.With([TempStore.Parse(SegmentParameter), TempStore.Parse(ChannelParameter)]).Value);
        foreach (var (id, extensions) in new[] { ("p", $"{Segment("sick")},{Segment("old")},{Channel}"), ("q", Segment("old")) })
        {
            await store.Put($$"""{"resourceType":"Patient","id":"{{id}}","extension":[{{extensions}}],"name":[{"family":"{{id}}"}]}""", null, Access.Engine);
            await store.Put($$"""{"resourceType":"Task","id":"t{{id}}","status":"requested","intent":"order","for":{"reference":"Patient/{{id}}"} }""");
        }
        store.Store.Grounds = new(
            Types(("sick", "Condition"), ("old", "Patient")), Types(("channel", "Observation")));
        return store;
    }

    private static ImmutableDictionary<string, ImmutableSortedSet<string>> Types(params (string Code, string Type)[] behind) =>
        behind.ToImmutableDictionary(b => b.Code, b => ImmutableSortedSet.Create("Patient", b.Type));

    private static string Derived(ReadOnlyMemory<byte> json)
    {
        var text = Encoding.UTF8.GetString(json.Span);
        return string.Join(' ', new[] { "sick", "old", "sms" }.Where(value => text.Contains($"\"{value}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task By_those_who_may_read_all_that_it_rests_on()
    {
        await using var store = await Filled();
        Assert.Equal("sick old sms", Derived((await store.Read("Patient/p")).Json));
        Assert.Equal("sick old sms", Derived((await store.Read("Patient/p", _conditions)).Json));
        Assert.Equal("sick old sms", Derived((await store.Read("Patient/p", _chart)).Json));
        Assert.Equal("p", await store.Found("Patient?segment=sick", _conditions));
        Assert.Equal("p", await store.Found("Patient?segment=sick", _chart));
        Assert.Equal("p", await store.Found("Patient?preferred-channel=sms", _conditions));
        Assert.Equal("p q", await store.Found("Patient?segment=old", _patients));
    }

    [Fact]
    public async Task By_nobody_else_however_the_patient_is_read()
    {
        await using var store = await Filled();
        Assert.Equal("old", Derived((await store.Read("Patient/p", _patients)).Json));
        Assert.Equal("old", Derived((await store.Store.ReadVersion(_patients, ResourceKey.Of("Patient", "p"), "1", TempStore.Ct)).Value.Json));
        Assert.Equal("old", Derived((await store.Store.History(_patients, new HistoryQuery("Patient", ResourceId.Of("p")), TempStore.Ct)).Value.Entries[0].Json));
        Assert.Equal("old", Derived((await store.Search("Patient?_id=p", null, _patients)).Matches[0].Json));
        Assert.Equal("old", Derived((await store.Search("Task?_id=tp&_include=Task:patient", null, _patients)).Includes[0].Json));
        Assert.Equal("old", Derived((await store.Store.Compartment(_patients, ResourceId.Of("p"), TempStore.Ct))[0].Json));
    }

    [Theory]
    [InlineData("Patient?segment=sick", "")]
    [InlineData("Patient?segment=https://personalize-fhir.org/fhir/CodeSystem/segment|sick", "")]
    [InlineData("Patient?segment=https://personalize-fhir.org/fhir/CodeSystem/segment|", "p q")]
    [InlineData("Patient?segment=sick,old", "p q")]
    [InlineData("Patient?segment:not=sick", "p q")]
    [InlineData("Patient?segment=0", "")]
    [InlineData("Patient?preferred-channel=sms", "")]
    [InlineData("Patient?preferred-channel:missing=true", "p q")]
    [InlineData("Patient?preferred-channel:missing=false", "")]
    [InlineData("Task?patient:Patient.segment=sick", "")]
    [InlineData("Task?patient:Patient.segment=old", "tp tq")]
    [InlineData("Patient?_has:Task:patient:patient.segment=sick", "")]
    [InlineData("Patient?_sort=-segment", "q p")]
    public async Task By_no_search_of_theirs(string search, string found)
    {
        await using var store = await Filled();
        Assert.Equal(found, await store.Found(search, _patients));
        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (await store.Search(search + "&_summary=count", null, _patients)).Total);
    }

    [Fact]
    public async Task By_nobody_narrow_while_it_is_not_known_what_it_rests_on()
    {
        await using var store = await Filled();
        store.Store.Grounds = DerivedGrounds.Unknown;
        Assert.Equal("", Derived((await store.Read("Patient/p", _conditions)).Json));
        Assert.Equal("", await store.Found("Patient?segment=old", _conditions));
        Assert.Equal("sick old sms", Derived((await store.Read("Patient/p")).Json));
    }

    [Fact]
    public async Task After_an_update_by_somebody_who_does_not_see_it()
    {
        await using var store = await Filled();
        var read = await store.Read("Patient/p", _patients);
        var written = await store.TryPut(Encoding.UTF8.GetString(read.Json.Span).Replace("\"name\"", "\"gender\":\"other\",\"name\"", StringComparison.Ordinal), read.Version, _patients);
        Assert.Equal("old", Derived(written.Value.Changes[0].Json));
        Assert.Equal("sick old sms", Derived((await store.Read("Patient/p")).Json));
        Assert.Equal("p", await store.Found("Patient?segment=sick&gender=other"));
    }
}

public sealed class A_derived_value_is_seen_in_SQLite() : A_derived_value_is_seen(Engine.Sqlite);

public sealed class A_derived_value_is_seen_in_PostgreSQL() : A_derived_value_is_seen(Engine.Postgres);
