using Personalize.Fhir.Primitives;

namespace Personalize.Store;

/// <summary>The one write spine: gives ids, validates, commits. Every write of the product goes through it.</summary>
/// <param name="store">Where it commits.</param>
/// <param name="newId">Gives ids to creates that have none.</param>
public sealed class Intake(IResourceStore store, Func<ResourceId> newId)
{
    /// <summary>Validates the content of all changes, then commits them together. A failure names the entry of the bundle.</summary>
    public Task<Outcome<Commit>> Apply(Access access, IReadOnlyList<Change> changes, CancellationToken ct, Derived? derived = null) =>
        throw new NotImplementedException($"{store}{newId}");
}
