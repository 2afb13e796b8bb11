using System.Globalization;
using Personalize.Store.Sqlite;
using ZstdSharp;

namespace Personalize.Store.Tests;

/// <summary>Contents lie in SQLite compressed, their version and time before them, and are read byte for byte, whoever wrote them.</summary>
public sealed class Contents_are_compressed
{
    private static async Task<TempStore> WithDictionary()
    {
        var store = new TempStore(Engine.Sqlite);
        foreach (var some in Enumerable.Range(0, 3_000).Chunk(1_000))
            Assert.Null((await store.Intake.Apply(TempStore.Operator, [.. some.Select(n => Named($"p{n}", $"Family{n}"))], TempStore.Ct)).Failure);
        return store;
    }

    private static Change Named(string id, string family, string meta = "") =>
        Change.Update(Fhir.Primitives.ResourceId.Of(id), TempStore.Parse($$"""{"resourceType":"Patient","id":"{{id}}",{{meta}}"identifier":[{"system":"urn:some-system-of-numbers","value":"{{id}}"}],"name":[{"family":"{{family}}"}],"birthDate":"1980-02-01"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("\"meta\":{\"lastUpdated\":\"2020-01-01T00:00:00Z\",\"tag\":[{\"code\":\"t\"}],\"versionId\":\"77\"},")]
    [InlineData("\"meta\" : { \"profile\":[\"http://x\"] , \"versionId\":\"77\"},")]
    public async Task Each_version_as_it_was_answered(string meta)
    {
        await using var store = await WithDictionary();
        var answered = new List<string>();
        for (var version = 1; version <= 12; version++)
            answered.Add(TempStore.Text((await store.Intake.Apply(TempStore.Operator, [Named("own", $"Version{version}", meta)], TempStore.Ct)).Value.Changes[0].Json));
        Assert.Equal("91", Text(store, "SELECT hex(substr(json, 1, 1)) FROM res ORDER BY rid DESC LIMIT 1"));
        for (var version = 1; version <= 12; version++)
        {
            var read = (await store.Store.ReadVersion(TempStore.Operator, Fhir.Primitives.ResourceKey.Of("Patient", "own"), version.ToString(CultureInfo.InvariantCulture), TempStore.Ct)).Value;
            Assert.Equal(answered[version - 1], TempStore.Text(read.Json));
            Assert.Contains($"\"versionId\":\"{version}\"", answered[version - 1], StringComparison.Ordinal);
        }
        Assert.Equal("own", await store.Found("Patient?family=Version12"));
        Assert.True(StoreCheck.Run(((FolderHome)store.Home).Path, Fhir.Search.SearchCatalog.R4, TempStore.Ct).Value.IsSound);
    }

    [Fact]
    public async Task As_a_program_of_before_wrote_them()
    {
        await using var store = await WithDictionary();
        var json = (await store.Read("Patient/p2999")).Json;
        using var compressor = new Compressor(1);
        compressor.LoadDictionary(Convert.FromHexString(Text(store, "SELECT hex(bytes) FROM dictionary")));
        store.Home.Run($"UPDATE res SET json=x'81{Convert.ToHexString(compressor.Wrap(json.Span))}' WHERE rid=3000");
        Assert.Equal(TempStore.Text(json), TempStore.Text((await store.Read("Patient/p2999")).Json));
    }

    [Theory]
    [InlineData("91")]
    [InlineData("9101")]
    [InlineData("91FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("9101000000000080050528B52FFD00")]
    [InlineData("910100000000000005FFFFFFFF7F28B52FFD00")]
    [InlineData("9F010000000000000505")]
    public void Damage_is_told(string blob) => Assert.Throws<InvalidDataException>(() => Read(blob));

    private static string Text(TempStore store, string sql)
    {
        using var session = SqliteSession.Open(Path.Combine(((FolderHome)store.Home).Path, "store.db"), false);
        return session.Text(sql)!;
    }

    private static byte[] Read(string blob)
    {
        using var folder = new TempFolder();
        using var session = SqliteSession.Open(Path.Combine(folder.Path, "x.db"), true);
        session.Run("CREATE TABLE dictionary(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
        session.Run("INSERT INTO dictionary VALUES(1, x'')");
        using var reader = new BlobReader(session);
        return reader.Read(Convert.FromHexString(blob));
    }
}
