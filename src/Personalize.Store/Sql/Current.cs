namespace Personalize.Store.Sql;

/// <summary>The last version of a resource as the writer sees it; <see cref="Rid"/> and <see cref="Version"/> are 0 when there never was one.</summary>
/// <param name="N">The number of the resource.</param>
/// <param name="Rid">Its row.</param>
/// <param name="Version">Its version.</param>
/// <param name="Stored">The version itself; null when there never was one.</param>
internal sealed record Current(long N, long Rid, long Version, Stored? Stored)
{
    /// <summary>True when there is nothing to read.</summary>
    public bool IsDeleted => Stored?.Deleted != false;
}
