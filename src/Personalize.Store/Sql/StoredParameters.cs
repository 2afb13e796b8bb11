using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The search parameters that clients have stored.</summary>
internal static class StoredParameters
{
    private const string Current = "SELECT r.json FROM res r WHERE r.type=(SELECT id FROM sym WHERE text='SearchParameter') AND r.until=? AND r.kind<>2 ORDER BY r.rid";

    /// <summary>A catalog with those that are stored, active and sound, and the addresses of the store.</summary>
    public static SearchCatalog In(Session session, SearchCatalog catalog) => catalog.WithStored(Stored(session)).With(HomeRows.In(session));

    private static List<Resource> Stored(Session session)
    {
        var stored = new List<Resource>();
        using var rows = session.Query(Current, Tables.Open);
        while (rows.Step())
            if (rows.SoundJson(0) is { } json && Resource.Parse(json).TryGet(out var resource, out _))
                stored.Add(resource);
        return stored;
    }
}
