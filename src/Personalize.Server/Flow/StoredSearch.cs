using System.Runtime.CompilerServices;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>Walks through all current resources of a type, page by page, as they stood at one commit.</summary>
internal static class StoredSearch
{
    private const string PageSize = "1000";

    /// <summary>All resources of the type, or those that these parameters find.</summary>
    public static async IAsyncEnumerable<Stored> All(
        IResourceStore store, string type, [EnumeratorCancellation] CancellationToken ct, params KeyValuePair<string, string>[] parameters)
    {
        var query = SearchQuery.Parse(type, [new("_count", PageSize), .. parameters], store.Catalog, lenient: false).Value;
        SearchMark? mark = null;
        do
        {
            var page = (await store.Search(Access.Engine, query, mark, ct)).Value;
            foreach (var match in page.Matches)
                yield return match;
            mark = page.Next;
        }
        while (mark is not null);
    }

    /// <summary>The ids of all patients.</summary>
    public static async Task<List<ResourceId>> Patients(IResourceStore store, CancellationToken ct)
    {
        var patients = new List<ResourceId>();
        await foreach (var patient in All(store, "Patient", ct))
            patients.Add(patient.Key.Id);
        return patients;
    }
}
