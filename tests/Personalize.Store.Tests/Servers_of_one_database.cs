using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store.Sql;
using static Personalize.Store.Tests.Search_parameters_that_are_stored;

namespace Personalize.Store.Tests;

public sealed class Servers_of_one_database
{
    private static readonly StoreOptions _options = new(SearchCatalog.R4, TimeProvider.System);

    /// <summary>Another program: it has a parameter more of its own.</summary>
    private static SearchCatalog OtherProgram { get; } = SearchCatalog.R4.With([TempStore.Parse(Nick.Replace("nick\"", "own\"", StringComparison.Ordinal))]).Value;

    private static Task<Outcome<Commit>> Put(SqlStore store, string json) =>
        new Intake(store, () => ResourceId.Of("x")).Apply(TempStore.Operator, [Change.Update(TempStore.Parse(json).Id!, TempStore.Parse(json))], TempStore.Ct);

    private static async Task<Outcome<SearchPage>> Search(SqlStore store, string type, string query) =>
        SearchQuery.Parse(type, query, store.Catalog).TryGet(out var read, out var failure) ? await store.Search(TempStore.Operator, read, null, TempStore.Ct) : failure;

    private static async Task Until(Func<bool> holds, string what)
    {
        for (var left = 3_000; !holds(); left--)
        {
            Assert.True(left > 0, what);
            await Task.Delay(10, TempStore.Ct);
        }
    }

    [Fact]
    public async Task Search_by_what_one_of_them_stored()
    {
        await using var one = new TempStore(Engine.Postgres);
        await using var other = one.Home.Open(_options).Value;
        await Load(one, 500);
        await one.Put(Nick);
        Assert.Null((await Put(other, Patient(1_000))).Failure);
        await Until(() => other.Catalog.Find("Patient", "nick") is not null && one.Store.Catalog.Find("Patient", "nick") is not null, "it is not active in both");
        Assert.Null((await Put(other, Patient(1_001))).Failure);
        Assert.Equal(502, (await Search(other, "Patient", "nick=cally&_summary=count")).Value.Total);
        Assert.Equal(502, await Count(one, "Patient?nick=cally"));
        Assert.Equal(one.Store.Catalog.Indexed.ToHashSet(), other.Catalog.Indexed.ToHashSet());
        await one.Delete("SearchParameter/nick");
        await Until(() => other.Catalog.Find("Patient", "nick") is null, "it is not gone in both");
    }

    [Fact]
    public async Task Never_answer_by_a_parameter_that_another_one_has_changed_meanwhile()
    {
        await using var one = new TempStore(Engine.Postgres);
        await using var other = one.Home.Open(_options).Value;
        await Load(one, 60);
        await one.Put(Nick);
        for (var round = 0; round < 20; round++)
        {
            await Until(() => other.Catalog.Find("Patient", "nick") is not null && !one.Store.Catalog.HasComing, "it does not become active");
            var (use, name) = round % 2 == 0 ? ("old", "Old") : ("nickname", "Cally");
            await one.Put(Nick.Replace("nickname", use, StringComparison.Ordinal));
            await one.Put($$"""{"resourceType":"Patient","id":"r{{round}}","name":[{"use":"{{use}}","given":["{{name}}"]}]}""");
            // The other one may not have heard of it.
            var found = await Search(other, "Patient", $"nick={name}&_summary=count");
            if (found.Failure is { } failure)
                Assert.Matches("is not searched yet: indexing|has just become another", failure.Issues[0].Text);
            else
                Assert.Equal((round / 2) + 1 + (use == "old" ? 0 : 60), found.Value.Total);
        }
    }

    [Fact]
    public async Task Index_what_one_left_unfinished()
    {
        await using var one = new TempStore(Engine.Postgres);
        await Load(one, 800);
        var left = one.Home.Open(_options with { IndexingSlice = 8, IndexingRest = TimeSpan.FromHours(1) }).Value;
        Assert.Null((await Put(left, Nick)).Failure);
        await left.DisposeAsync();
        await Active(one, "Patient", "nick");
        Assert.Equal(800, await Count(one, "Patient?nick=cally"));
    }

    [Fact]
    public async Task Write_every_row_once_while_all_of_them_write_and_index()
    {
        await using var one = new TempStore(Engine.Postgres);
        await using var other = one.Home.Open(_options with { IndexingSlice = 40 }).Value;
        await Load(one, 1_500);
        await one.Put(Nick);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async writer =>
        {
            for (var n = 0; n < 150; n++)
                Assert.Null((await Put(writer == 0 ? one.Store : other, Patient((n * 10) + writer, "Dora"))).Failure);
        }));
        await Until(() => other.Catalog.Find("Patient", "nick") is not null && one.Store.Catalog.Find("Patient", "nick") is not null, "it is not active in both");
        Assert.Equal((300, 1_200), (await Count(one, "Patient?nick=dora"), await Count(one, "Patient?nick=cally")));
        // Every current version has one row, and none of them two.
        var rows = one.Home.Ask("SELECT count(*), count(DISTINCT s.rid) FROM str s JOIN param p ON p.p=s.p JOIN res r ON r.rid=s.rid WHERE p.code='nick' AND r.until=9223372036854775807");
        Assert.Equal([1_500L, 1_500L], rows);
        IsSound(one);
    }

    [Fact]
    public async Task Run_the_same_program()
    {
        var one = new TempStore(Engine.Postgres);
        await Load(one, 5);
        var refused = Assert.IsType<Failure.Conflict>(one.Home.Open(_options with { Catalog = OtherProgram }).Failure);
        Assert.Contains("same program", refused.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal(AppliedKind.Created, (await one.Put(Patient(7))).Kind);
        await one.Store.DisposeAsync();
        await using var other = one.Home.Open(_options with { Catalog = OtherProgram }).Value;
        Assert.Equal(6, (await Search(other, "Patient", "own=cally&_summary=count")).Value.Total);
        await using var third = one.Home.Open(_options with { Catalog = OtherProgram }).Value;
        Assert.Null((await Put(third, Patient(8))).Failure);
        Assert.IsType<Failure.Conflict>(one.Home.Open(_options).Failure);
    }

    [Fact]
    public async Task Are_stopped_before_a_newer_one_changes_the_tables()
    {
        await using var one = new TempStore(Engine.Postgres);
        one.Home.Run("DELETE FROM migration WHERE number=(SELECT max(number) FROM migration)");
        var refused = Assert.IsType<Failure.Conflict>(one.Home.Open(_options).Failure);
        Assert.Contains("of an older version, and another server", refused.Issues[0].Text, StringComparison.Ordinal);
        Assert.Equal(AppliedKind.Created, (await one.Put(Patient(1))).Kind);
    }

    [Fact]
    public async Task Neither_write_nor_search_when_another_program_has_taken_the_database_over()
    {
        await using var one = new TempStore(Engine.Postgres);
        await Load(one, 5);
        one.Home.Run("UPDATE catalog SET number=number+1, program='other'");
        Assert.IsType<Failure.Unavailable>((await one.TryPut(Patient(9))).Failure);
        Assert.Equal(TimeSpan.MaxValue, one.Store.Silence);
        Assert.IsType<Failure.Unavailable>((await one.Store.Search(TempStore.Operator, one.Query("Patient?family=x"), null, TempStore.Ct)).Failure);
    }
}
