using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class Derived_data_belongs_to_the_engine(Engine engine)
{
    private const string Segment = """{"url":"https://personalize-fhir.org/fhir/StructureDefinition/patient-segment","extension":[{"url":"code","valueCoding":{"system":"https://personalize-fhir.org/fhir/CodeSystem/segment","code":"a"}}]}""";

    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Patient","id":"p","gender":"male"}""");
        var stored = Resource.Parse((await store.Read("Patient/p")).Json).Value;
        var bytes = Edit.WithExtensions(stored, DerivedExtensions.IsDerived, [System.Text.Encoding.UTF8.GetBytes(Segment)]);
        var commit = await store.Intake.Apply(Access.Engine, [Change.Update(ResourceId.Of("p"), Resource.Parse(bytes).Value)], TempStore.Ct,
            new([new(ResourceId.Of("p"), "a", new(2026, 1, 2), null)], [new(ResourceId.Of("p"), new byte[] { 1, 2 })], ("personalize", 1)));
        Assert.Null(commit.Failure);
        return store;
    }

    [Fact]
    public async Task A_reader_from_before_the_engine_wrote_can_still_update_and_loses_nothing()
    {
        await using var store = await Filled();
        var updated = await store.Put("""{"resourceType":"Patient","id":"p","gender":"female"}""", "1");
        Assert.Equal((AppliedKind.Updated, "3"), (updated.Kind, updated.Version));
        Assert.Contains(Segment, TempStore.Text(updated.Json), StringComparison.Ordinal);
        Assert.IsType<Failure.Stale>((await store.TryPut("""{"resourceType":"Patient","id":"p"}""", "2")).Failure);
    }

    [Fact]
    public async Task What_a_client_says_of_segments_is_dropped()
    {
        await using var store = await Filled();
        var body = $$"""{"resourceType":"Patient","id":"p","extension":[{"url":"http://other","valueBoolean":true},{{Segment.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}}],"gender":"female"}""";
        var text = TempStore.Text((await store.Put(body)).Json);
        Assert.Contains("http://other", text, StringComparison.Ordinal);
        Assert.Contains(Segment, text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"code\":\"b\"", text, StringComparison.Ordinal);
        var made = await store.Put(body.Replace("\"id\":\"p\"", "\"id\":\"q\"", StringComparison.Ordinal));
        Assert.DoesNotContain("patient-segment", TempStore.Text(made.Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_body_again_is_no_change()
    {
        await using var store = await Filled();
        var again = await store.Put(TempStore.Text((await store.Read("Patient/p")).Json));
        Assert.Equal(AppliedKind.Unchanged, again.Kind);
    }

    [Fact]
    public async Task Memberships_facts_and_cursor_ride_in_the_same_commit()
    {
        await using var store = await Filled();
        var p = ResourceId.Of("p");
        Assert.Equal([new Membership(p, "a", new(2026, 1, 2), null)], await store.Store.Memberships(p, TempStore.Ct));
        Assert.Equal([1, 2], (await store.Store.Facts(p, TempStore.Ct))!.Bytes.ToArray());
        Assert.Equal(1, await store.Store.Cursor("personalize", TempStore.Ct));
        await store.Intake.Apply(Access.Engine, [], TempStore.Ct, Derived.None with { Memberships = [new(p, "a", new(2026, 1, 2), new(2026, 3, 1))] });
        Assert.Empty(await store.Store.SegmentCounts(TempStore.Ct));
        Assert.IsType<Failure.Denied>((await store.Intake.Apply(TempStore.Operator, [], TempStore.Ct, Derived.None)).Failure);
    }

    [Fact]
    public async Task Members_are_paged()
    {
        await using var store = new TempStore(engine);
        var rows = Enumerable.Range(0, 7).Select(i => new MembershipChange(ResourceId.Of($"p{i}"), "s", new(2026, 1, 1), null)).ToImmutableArray();
        await store.Intake.Apply(Access.Engine, [], TempStore.Ct, Derived.None with { Memberships = rows });
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await store.Store.Members("s", after, 3, TempStore.Ct);
            Assert.Equal(7, page.Total);
            seen.AddRange(page.Members.Select(m => m.Patient.ToString()));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4", "p5", "p6"], seen);
    }
}

public sealed class Derived_data_belongs_to_the_engine_in_SQLite() : Derived_data_belongs_to_the_engine(Engine.Sqlite);

public sealed class Derived_data_belongs_to_the_engine_in_PostgreSQL() : Derived_data_belongs_to_the_engine(Engine.Postgres);
