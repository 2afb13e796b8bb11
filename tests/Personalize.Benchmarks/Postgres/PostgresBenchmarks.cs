using System.Globalization;
using Npgsql;
using Personalize.Benchmarks.Raw;
using Personalize.Benchmarks.Store;
using Personalize.Fhir.Search;

namespace Personalize.Benchmarks.Postgres;

/// <summary>The store on PostgreSQL beside COPY and prepared statements on raw tables, in two schemas of one database that go when it ends.</summary>
internal static class PostgresBenchmarks
{
    private const int Portion = 20_000;

    /// <summary>With so many resources of Synthea.</summary>
    /// <param name="connectionString">A database; the schemas <c>bench_own</c> and <c>bench_raw</c> in it are made and dropped.</param>
    /// <param name="clones">The resources.</param>
    /// <param name="count">How many.</param>
    /// <param name="report">Where it is told.</param>
    public static async Task Run(string connectionString, Clones clones, int count, Report report)
    {
        await using var admin = NpgsqlDataSource.Create(connectionString);
        await Run(admin, "DROP SCHEMA IF EXISTS bench_own CASCADE; DROP SCHEMA IF EXISTS bench_raw CASCADE; CREATE SCHEMA bench_own; CREATE SCHEMA bench_raw");
        var catalog = new RawCatalog(SearchCatalog.R4);
        using (var raw = new PostgresRaw(connectionString + ";Search Path=bench_raw", catalog))
        await using (var own = OwnStore.OpenPostgres(connectionString + ";Search Path=bench_own"))
        {
            await Load(own, raw, clones, catalog, count, report);
            await Run(admin, "ANALYZE");
            await new SearchLatencies(clones, count, own.Store, raw).Run(report);
        }
        await Run(admin, "DROP SCHEMA bench_own CASCADE; DROP SCHEMA bench_raw CASCADE");
    }

    private static async Task Load(OwnStore own, PostgresRaw raw, Clones clones, RawCatalog catalog, int count, Report report)
    {
        var (ofOwn, ofRaw, json) = (0.0, 0.0, 0L);
        for (var from = 0; from < count; from += Portion)
        {
            var resources = clones.Range(from, Math.Min(Portion, count - from));
            json += resources.Sum(r => (long)r.Length);
            catalog.Expect(clones, from, resources.Length);
            var commits = resources.Chunk(1_000).Select((some, at) => RawRows.Of(catalog, some, from + (at * 1_000))).ToArray();
            ofRaw += Measured.Seconds(() => raw.Write(commits));
            ofOwn += await Measured.Seconds(() => own.Load(resources));
        }
        report.Say(string.Create(CultureInfo.InvariantCulture, $"{count:N0} resources, {(double)json / count:N0} bytes in the mean; 1,000 a commit in both lanes, in turns of {Portion:N0}; the indexes are there from the beginning."));
        report.Rows("Bulk load, engine off: resources a second", ["store", "COPY BINARY of rows taken out beforehand", "store / raw (goal 0.50)"],
            [[(count / ofOwn).ToString("N0", CultureInfo.InvariantCulture), (count / ofRaw).ToString("N0", CultureInfo.InvariantCulture), (ofRaw / ofOwn).ToString("0.00", CultureInfo.InvariantCulture)]]);
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
