using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>A commit that waits for the writer.</summary>
internal sealed record Request(Access Access, IReadOnlyList<Change> Changes, Derived? Derived)
{
    private readonly TaskCompletionSource<Outcome<Commit>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the commit is durable or refused.</summary>
    public Task<Outcome<Commit>> Answered => _answer.Task;

    public void Answer(Outcome<Commit> outcome) => _answer.TrySetResult(outcome);

    public void Break(Exception exception) => _answer.TrySetException(exception);
}
