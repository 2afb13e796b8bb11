using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Finds stored definitions by their canonical. Source: http://hl7.org/fhir/R4/references.html#canonical.</summary>
/// <param name="store">Where they are.</param>
public sealed class StoredCanonicals(IResourceStore store)
{
    /// <summary>A definition of that type and url; of the version behind the bar, or when none is named the one that was stored last.
    /// Fails with <see cref="Failure.Missing"/> when the access may find none.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="type">The resource type.</param>
    /// <param name="canonical">The url, with or without <c>|version</c>.</param>
    /// <param name="ct">Gives up.</param>
    public ValueTask<Outcome<Stored>> Find(Access access, string type, string canonical, CancellationToken ct) => Find(access, type, canonical, new(null), ct);

    /// <summary>As it was at a commit.</summary>
    internal async ValueTask<Outcome<Stored>> Find(Access access, string type, string canonical, SameCommit at, CancellationToken ct)
    {
        if (canonical.Length == 0 || access.Of(type, Rights.Search) == Reach.None)
            return NotStored();
        if (!SearchQuery.Parse(type, Asked(canonical), store.Catalog, lenient: false).TryGet(out var query, out var failure) || !(await store.Search(access, query, at.Start, ct)).TryGet(out var page, out failure))
            return failure;
        at.Answered(page.T);
        return page.Matches.IsEmpty ? NotStored() : page.Matches[0];
    }

    /// <summary>As <see cref="Find(Access, string, string, CancellationToken)"/>, and when that version is not stored, the one that was stored last.</summary>
    public async ValueTask<Outcome<Stored>> FindAny(Access access, string type, string canonical, CancellationToken ct)
    {
        var found = await Find(access, type, canonical, ct);
        return found.Failure is Failure.Missing && Bare(canonical) is var bare && bare != canonical ? await Find(access, type, bare, ct) : found;
    }

    /// <summary>The canonical without version.</summary>
    public static string Bare(string canonical) => canonical.Split('|')[0];

    private static IEnumerable<KeyValuePair<string, string>> Asked(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        yield return new("url", Escaped(Bare(canonical)));
        if (bar >= 0)
            yield return new("version", Escaped(canonical[(bar + 1)..]));
        yield return new("_sort", "-_lastUpdated");
        yield return new("_count", "1");
    }

    private static Failure.Missing NotStored() => new("No definition of that canonical is stored.");

    // What has a meaning in the value of a search.
    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);
}
