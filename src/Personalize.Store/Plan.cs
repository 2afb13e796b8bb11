using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>An entry of a bundle that was read.</summary>
/// <param name="Index">Its place in the bundle.</param>
/// <param name="Method">GET, HEAD, POST, PUT or DELETE.</param>
/// <param name="Url">The request's URL as given, relative to the base.</param>
/// <param name="Change">What it changes; null for GET, and when it failed.</param>
/// <param name="Failure">Why it cannot be done (in a batch only: a transaction fails as a whole).</param>
public sealed record PlanEntry(int Index, string Method, string Url, Change? Change, Failure? Failure)
{
    /// <summary><c>Bundle.entry[3]</c>.</summary>
    public string Name => $"Bundle.entry[{Index}]";

    /// <summary>The request's <c>ifNoneMatch</c>, for a read.</summary>
    public string? IfNoneMatch { get; init; }
}

/// <summary>A batch or transaction as changes.</summary>
/// <param name="IsTransaction">True: all or nothing; false: each entry for itself.</param>
/// <param name="Entries">One for each entry, in the order of the bundle.</param>
/// <param name="Changes">The changes in the order in which they are applied: DELETE, POST, PUT.</param>
public sealed record TransactionPlan(bool IsTransaction, ImmutableArray<PlanEntry> Entries, ImmutableArray<Change> Changes);

/// <summary>Turns a bundle into changes: ids given, references to fullUrls rewritten everywhere (narrative too), order set, guards attached. Pure.</summary>
public static class Plan
{
    /// <summary>Fails with <see cref="Failure.Invalid"/> on a bundle that is neither batch nor transaction, and for a transaction on any entry that cannot be read, naming it.</summary>
    /// <param name="bundle">The Bundle.</param>
    /// <param name="catalog">What its searches are read with.</param>
    /// <param name="newId">Gives an id for each POST.</param>
    public static Outcome<TransactionPlan> Of(Resource bundle, SearchCatalog catalog, Func<ResourceId> newId) => throw new NotImplementedException();
}
