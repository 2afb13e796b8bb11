using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What create, update and delete share: reading the body, one change through the intake, and the answer.</summary>
internal static class Writing
{
    /// <summary>The body as a resource of the URL's type.</summary>
    public static Outcome<Resource> Body(RestRequest request) => request.Body.IsEmpty
        ? new Failure.Invalid("The body is empty.")
        : request.Content().Then<Resource>(resource => resource.Type == request.Target.Type
            ? resource
            : new Failure.Invalid($"The body is not a {request.Target.Type}.", "resourceType"));

    /// <summary>The search that stands in the URL in place of an id.</summary>
    public static Outcome<SearchQuery> Condition(RestRequest request, RestServices services) =>
        Store.Condition.Read(request.Target.Type!, request.Query, services.Catalog).Select(query => OwnAddresses.Relative(query, request.FhirBase));

    /// <summary>Applies one change and answers it.</summary>
    public static async ValueTask<Outcome<Answer>> Apply(RestRequest request, Change change, RestServices services, CancellationToken ct) =>
        (await Commit(request.Access, [change], services, ct)).Select(commit => Of(commit.Changes[0], request.Prefer.Return));

    /// <summary>Commits the changes together. Fails with <see cref="Failure.Conflict"/> when one of them would lie under what is composed, where nobody could read it.</summary>
    public static async ValueTask<Outcome<Commit>> Commit(Access access, IReadOnlyList<Change> changes, RestServices services, CancellationToken ct)
    {
        var hidden = changes.FirstOrDefault(change => change.Id is { } id && services.Composed.Any(composed => composed.Type == change.Type && composed.Owns(id)));
        return hidden is null
            ? await services.Intake.Apply(access, changes, ct)
            : new Failure.Conflict($"{(hidden.Entry is null ? "" : hidden.Entry + ": ")}Resources of that id are composed when they are read; they cannot be written.");
    }

    /// <summary>201 when created, 204 when deleted, else 200; with what <c>Prefer</c> asks for.</summary>
    public static Answer Of(Applied applied, ReturnForm form)
    {
        if (applied.Kind == AppliedKind.Deleted)
            return Deleted(applied, form);
        return new Answer(applied.Kind == AppliedKind.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK)
        {
            Version = applied.Version,
            LastModified = applied.LastUpdated,
            Location = $"{applied.Key}/_history/{applied.Version}",
            IsOutcome = form == ReturnForm.OperationOutcome,
            Body = form switch
            {
                ReturnForm.Minimal => [],
                ReturnForm.OperationOutcome => [Outcomes.Good(Told(applied.Kind))],
                _ => [applied.Json],
            },
        };
    }

    private static Answer Deleted(Applied applied, ReturnForm form)
    {
        // Of what was not there no version tells, and of several none alone.
        var version = applied.Version == "0" || applied.Count > 1 ? null : applied.Version;
        return form == ReturnForm.OperationOutcome
            ? new Answer(StatusCodes.Status200OK) { Version = version, IsOutcome = true, Body = [Outcomes.Good(Deleted(applied))] }
            : new Answer(StatusCodes.Status204NoContent) { Version = version };
    }

    private static string Deleted(Applied applied) => applied switch
    {
        { Count: > 1 } => $"{applied.Count} resources were deleted.",
        { Version: "0" } => "There was nothing to delete.",
        _ => "It is deleted.",
    };

    private static string Told(AppliedKind kind) => kind switch
    {
        AppliedKind.Created => "It was created.",
        AppliedKind.Unchanged => "It was the same already; no new version was made.",
        AppliedKind.Matched => "It was there already; nothing was created.",
        _ => "It was updated.",
    };
}
