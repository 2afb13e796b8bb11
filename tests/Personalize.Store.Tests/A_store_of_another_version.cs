using System.Globalization;
using System.Text.RegularExpressions;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Tests;

public abstract class A_store_of_another_version(Engine engine)
{
    private async Task<Failure?> Reopened(string change)
    {
        using var home = engine.New();
        var options = new StoreOptions(SearchCatalog.R4, TimeProvider.System);
        await home.Open(options).Value.DisposeAsync();
        home.Run(change);
        var again = home.Open(options);
        if (again.TryGet(out var store, out var failure))
            await store.DisposeAsync();
        return failure;
    }

    [Fact]
    public async Task That_a_newer_program_made_is_refused_with_both_versions()
    {
        var failure = Assert.IsType<Failure.Conflict>(await Reopened("INSERT INTO migration(number, name, checksum) SELECT max(number)+1, 'later', 'x' FROM migration"));
        var told = Regex.Match(failure.Issues[0].Text, @"version (\d+) \(later\).* up to (\d+)");
        Assert.True(told.Success, failure.Issues[0].Text);
        Assert.Equal(int.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture) + 1, int.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task That_another_program_made_is_refused()
    {
        var failure = Assert.IsType<Failure.Conflict>(await Reopened("UPDATE migration SET checksum='0123' WHERE number=1"));
        Assert.Contains("Version 1 of the store (tables, 0123)", failure.Issues[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_this_program_made_opens_again() => Assert.Null(await Reopened("UPDATE migration SET name='tables' WHERE number=1"));
}

public sealed class A_store_of_another_version_in_SQLite() : A_store_of_another_version(Engine.Sqlite);

public sealed class A_store_of_another_version_in_PostgreSQL() : A_store_of_another_version(Engine.Postgres);
