using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sqlite;

/// <summary>A change with the index values of its content, taken before it queues for the writer.</summary>
internal sealed record Prepared(Change Change, IReadOnlyList<IndexValue> Values)
{
    public static Prepared Of(Change change, SearchCatalog catalog) => new(change, change.Resource is null ? [] : Indexing.Extract(change.Resource, catalog));

    /// <summary>Type and id; every change that reaches the writer has an id.</summary>
    public ResourceKey Key => new(Change.Type, Change.Id ?? throw new InvalidOperationException("A change without an id reached the writer."));

    /// <summary>The patients in whose compartment the content lies.</summary>
    public IEnumerable<ResourceId> Patients(SearchCatalog catalog) => Indexing.Patients(Change.Type, Change.Id, Values, catalog);

    /// <summary>The same change with other content.</summary>
    public Prepared With(Resource content, SearchCatalog catalog) => Of(Change with { Resource = content }, catalog);
}

/// <summary>A commit that waits for the writer.</summary>
internal sealed record Request(Access Access, IReadOnlyList<Prepared> Changes, Derived? Derived)
{
    private readonly TaskCompletionSource<Outcome<Commit>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the commit is durable or refused.</summary>
    public Task<Outcome<Commit>> Answered => _answer.Task;

    public void Answer(Outcome<Commit> outcome) => _answer.TrySetResult(outcome);

    public void Break(Exception exception) => _answer.TrySetException(exception);
}
