using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Flow;

/// <summary>Puts the content that comes with the program into the store, so that it is read, searched and edited like everything else.</summary>
internal static class ContentLoader
{
    /// <summary>Stores what is new or comes in another version with the program, in one commit; what somebody edited in the store is left as it is.</summary>
    /// <param name="content">Resources with ids.</param>
    /// <param name="store">What is stored.</param>
    /// <param name="intake">The way in.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Outcome<Commit>> Load(IEnumerable<Resource> content, IResourceStore store, Intake intake, CancellationToken ct)
    {
        var changes = new List<Change>();
        foreach (var resource in content.Where(resource => resource.Id is not null))
            if (!await IsEdited(new ResourceKey(resource.Type, resource.Id!), store, ct))
                changes.Add(Change.Update(resource.Id!, resource));
        return await intake.Apply(Access.Engine, changes, ct);
    }

    private static async ValueTask<bool> IsEdited(ResourceKey key, IResourceStore store, CancellationToken ct)
    {
        var stored = await store.Read(Access.Engine, key, ct);
        return stored.Failure is Failure.Gone || (stored.Failure is null && stored.Value.Actor != Access.Engine.Actor);
    }
}
