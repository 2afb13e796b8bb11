using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>The knowledge that is in force: read from the stored content, and again when that changes. Bad content changes nothing: what was known stays.</summary>
/// <param name="store">Where the content is.</param>
public sealed class StoredKnowledge(IResourceStore store)
{
    private static readonly string[] _types = ["CodeSystem", "ValueSet", "Library", "Group", "PlanDefinition"];
    private volatile Knowledge _current = Knowledge.Empty;

    /// <summary>What is known now.</summary>
    public Knowledge Current => _current;

    /// <summary>Reads the stored content. Fails, and keeps what was known, when something in it cannot be used.</summary>
    public async Task<Outcome<Knowledge>> Refresh(CancellationToken ct)
    {
        var content = new List<Resource>();
        foreach (var type in _types)
            await foreach (var stored in StoredSearch.All(store, type, ct))
                content.Add(Resource.Parse(stored.Json).Value);
        var read = Knowledge.Of(content);
        if (read.TryGet(out var knowledge, out _))
        {
            _current = knowledge;
            // What the store shows of derived values follows from the same knowledge.
            store.Grounds = knowledge.Grounds();
        }
        return read;
    }
}
