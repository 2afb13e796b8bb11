using Personalize.Fhir.Primitives;

namespace Personalize.Store.Tests;

public abstract class An_access_reaches_only_its_compartment(Engine engine)
{
    private static readonly Access _ann = new("app", [new Grant("*", Rights.All, true), new Grant("Practitioner", Rights.Read, false)], ResourceId.Of("ann"));
    private static readonly Access _nobody = new("app", [], ResourceId.Of("ann"));

    private async Task<TempStore> Filled()
    {
        var store = new TempStore(engine);
        await store.Put("""{"resourceType":"Practitioner","id":"dr"}""");
        await store.Put("""{"resourceType":"Patient","id":"ann","gender":"female","generalPractitioner":[{"reference":"Practitioner/dr"}]}""");
        await store.Put("""{"resourceType":"Patient","id":"bob","gender":"male","generalPractitioner":[{"reference":"Practitioner/dr"}]}""");
        await store.Put(Observation("a1", "ann"));
        await store.Put(Observation("b1", "bob"));
        return store;
    }

    private static string Observation(string id, string patient, string status = "final") =>
        $$"""{"resourceType":"Observation","id":"{{id}}","status":"{{status}}","code":{"text":"x"},"subject":{"reference":"Patient/{{patient}}"} }""";

    [Fact]
    public async Task Reading_and_searching_show_nothing_of_others()
    {
        await using var store = await Filled();
        Assert.Equal("ann", (await store.Read("Patient/ann", _ann)).Key.Id.ToString());
        Assert.IsType<Failure.Missing>((await store.TryRead("Patient/bob", _ann)).Failure);
        Assert.Equal("ann", await store.Found("Patient", _ann));
        Assert.Equal("a1", await store.Found("Observation", _ann));
        Assert.Equal("", await store.Found("Observation?patient.gender=male", _ann));
        Assert.Equal("", await store.Found("Patient?_has:Observation:patient:_id=b1", _ann));
        Assert.Equal(1, (await store.Search("Observation?_summary=count", null, _ann)).Total);
    }

    [Fact]
    public async Task Includes_are_filtered_as_well()
    {
        await using var store = await Filled();
        var page = await store.Search("Patient?_include=*&_revinclude=*", null, _ann);
        Assert.Equal(["a1", "dr"], page.Includes.Select(i => i.Key.Id.ToString()).Order(StringComparer.Ordinal));
        var seen = new Access("app", [new Grant("Practitioner", Rights.All, false), new Grant("Patient", Rights.All, true)], ResourceId.Of("ann"));
        Assert.Equal(["ann"], (await store.Search("Practitioner?_revinclude=*", null, seen)).Includes.Select(i => i.Key.Id.ToString()));
    }

    [Fact]
    public async Task History_is_filtered_as_well()
    {
        await using var store = await Filled();
        var page = (await store.Store.History(_ann, new(), TempStore.Ct)).Value;
        Assert.Equal(["Observation/a1", "Patient/ann"], page.Entries.Select(e => e.Key.ToString()));
        Assert.IsType<Failure.Missing>((await store.Store.History(_ann, new("Observation", ResourceId.Of("b1")), TempStore.Ct)).Failure);
        Assert.IsType<Failure.Denied>((await store.Store.History(_nobody, new(), TempStore.Ct)).Failure);
    }

    [Fact]
    public async Task Writing_needs_old_and_new_content_inside()
    {
        await using var store = await Filled();
        Assert.Null((await store.TryPut(Observation("a1", "ann", "amended"), null, _ann)).Failure);
        Assert.Null((await store.Intake.Apply(_ann, [Change.Create(TempStore.Parse(Observation("a2", "ann")))], TempStore.Ct)).Failure);
        Assert.IsType<Failure.Denied>((await store.TryPut(Observation("b2", "bob"), null, _ann)).Failure);
        Assert.IsType<Failure.Denied>((await store.TryPut(Observation("b1", "ann", "amended"), null, _ann)).Failure);
        Assert.IsType<Failure.Denied>((await store.TryPut(Observation("a1", "bob"), null, _ann)).Failure);
        Assert.IsType<Failure.Denied>((await store.Delete("Observation/b1", _ann)).Failure);
        Assert.Null((await store.Delete("Observation/a1", _ann)).Failure);
    }

    [Fact]
    public async Task Guards_tell_no_version_of_what_lies_outside()
    {
        await using var store = await Filled();
        var content = TempStore.Parse(Observation("b1", "ann", "amended"));
        Change[] tries = [
            Change.Update(content.Id!, content) with { IfMatch = "7" },
            Change.Update(content.Id!, content) with { IfMatch = "1" },
            Change.Update(content.Id!, content) with { IfAbsent = true },
            Change.Delete(new("Observation", content.Id!)) with { IfMatch = "7" },
        ];
        foreach (var change in tries)
            Assert.IsType<Failure.Denied>((await store.Intake.Apply(_ann, [change], TempStore.Ct)).Failure);
    }

    [Fact]
    public async Task No_write_tells_whether_there_is_something_outside()
    {
        await using var store = await Filled();
        await store.Put(Observation("gone", "bob"));
        Assert.Null((await store.Delete("Observation/gone")).Failure);
        var byCode = store.Query("Observation?code:text=none");
        foreach (var id in new[] { "b1", "never-was", "gone" })
        {
            var content = TempStore.Parse(Observation(id, "ann"));
            Change[] tries = [
                Change.Update(content.Id!, content),
                Change.Update(content.Id!, content) with { IfMatch = "1" },
                Change.Update(content.Id!, content) with { IfAbsent = true },
                Change.Update(byCode, content),
                Change.Delete(new("Observation", content.Id!)),
                Change.Delete(new("Observation", content.Id!)) with { IfMatch = "1" },
            ];
            foreach (var change in tries)
                Assert.Equal((id, change.Kind, "The access does not allow this change of a Observation."), (id, change.Kind, (await store.Intake.Apply(_ann, [change], TempStore.Ct)).Failure?.Issues[0].Text));
        }
        Assert.Equal("1", (await store.Read("Observation/b1")).Version);
    }

    [Fact]
    public async Task What_was_deleted_inside_may_be_deleted_again_and_come_back()
    {
        await using var store = await Filled();
        Assert.Null((await store.Delete("Observation/a1", _ann)).Failure);
        Assert.Null((await store.Delete("Observation/a1", _ann)).Failure);
        Assert.Equal(AppliedKind.Created, (await store.Put(Observation("a1", "ann"), null, _ann)).Kind);
        Assert.Null((await store.Delete("Patient/ann", _ann)).Failure);
        Assert.Equal(AppliedKind.Created, (await store.Put("""{"resourceType":"Patient","id":"ann"}""", null, _ann)).Kind);
    }

    [Fact]
    public async Task Who_may_read_everything_may_name_what_is_not_there()
    {
        await using var store = await Filled();
        var reader = _ann with { Grants = [.. _ann.Grants, new Grant("Observation", Rights.Read, false)] };
        Assert.Equal(AppliedKind.Created, (await store.Put(Observation("a3", "ann"), null, reader)).Kind);
        Assert.Null((await store.Delete("Observation/never-was", reader)).Failure);
        Assert.IsType<Failure.Denied>((await store.Delete("Observation/b1", reader)).Failure);
    }

    [Fact]
    public async Task Without_a_grant_everything_is_denied()
    {
        await using var store = await Filled();
        Assert.IsType<Failure.Denied>((await store.TryRead("Patient/ann", _nobody)).Failure);
        Assert.IsType<Failure.Denied>((await store.Store.Search(_nobody, store.Query("Patient"), null, TempStore.Ct)).Failure);
        Assert.IsType<Failure.Denied>((await store.TryPut(Observation("a3", "ann"), null, _nobody)).Failure);
        Assert.Empty(await store.Store.Compartment(_nobody, ResourceId.Of("ann"), TempStore.Ct));
    }

    [Fact]
    public async Task What_left_the_compartment_is_not_shown_as_it_was()
    {
        await using var store = await Filled();
        await store.Put(Observation("a1", "bob"));
        Assert.IsType<Failure.Missing>((await store.TryRead("Observation/a1", _ann)).Failure);
        Assert.Equal("", await store.Found("Observation", _ann));
    }
}

public sealed class An_access_reaches_only_its_compartment_in_SQLite() : An_access_reaches_only_its_compartment(Engine.Sqlite);

public sealed class An_access_reaches_only_its_compartment_in_PostgreSQL() : An_access_reaches_only_its_compartment(Engine.Postgres);
