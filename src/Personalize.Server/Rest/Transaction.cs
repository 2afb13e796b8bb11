using System.Collections.Immutable;
using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>A Bundle of requests: a transaction is done as a whole or not at all, of a batch each entry by itself. Source: http://hl7.org/fhir/R4/http.html#transaction.</summary>
internal static class Transaction
{
    /// <summary>200 with a Bundle of responses in the order of the requests; a failed transaction answers its one failure, which names the entry.</summary>
    public static async ValueTask<Outcome<Answer>> Answer(RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!request.Content().TryGet(out var bundle, out var failure))
            return failure;
        if (bundle.Type != "Bundle")
            return new Failure.Invalid("Only a Bundle is posted to the base.", "resourceType");
        if (Envelope(bundle) is { IsEmpty: false } issues)
            return new Failure.Invalid(issues);
        if (!Plan.Of(bundle, services.Catalog, services.NewId).TryGet(out var plan, out failure))
            return failure;
        return plan.IsTransaction ? await Whole(request, plan, services, ct) : await Each(request, plan, services, ct);
    }

    /// <summary>What is wrong with the Bundle around the resources; these are validated on their way in, in a batch each for itself.</summary>
    private static ImmutableArray<Issue> Envelope(Resource bundle) =>
        [.. Validator.ValidateEnvelope(bundle).Where(issue => issue.IsError)];

    private static async ValueTask<Outcome<Answer>> Whole(RestRequest request, TransactionPlan plan, RestServices services, CancellationToken ct)
    {
        foreach (var entry in plan.Entries.Where(entry => entry.Change is null))
            if (await Refused(entry, request, services, ct) is { } refused)
                return refused with { Issues = [.. refused.Issues.Select(issue => issue with { Text = $"{entry.Name}: {issue.Text}", Expression = entry.Name })] };
        var applied = new Dictionary<Change, Applied>(ReferenceEqualityComparer.Instance);
        if (!plan.Changes.IsEmpty)
        {
            if (!(await Writing.Commit(request.Access, plan.Changes, services, ct)).TryGet(out var commit, out var failure))
                return failure;
            foreach (var (change, done) in plan.Changes.Zip(commit.Changes))
                applied[change] = done;
        }
        var answers = new List<Answer>(plan.Entries.Length);
        var reads = new BundleReads(services);
        foreach (var entry in plan.Entries)
            answers.Add(entry.Change is { } change ? Writing.Of(applied[change], InBundle(request)) : await reads.Told(() => Asked(entry, request, reads, ct)));
        return Responses("transaction-response", answers);
    }

    /// <summary>What is seen before the commit to have no answer undoes a transaction; what is not there afterwards is told in its entry.</summary>
    private static async ValueTask<Failure?> Refused(PlanEntry entry, RestRequest request, RestServices services, CancellationToken ct)
    {
        if (!RequestOf(entry, request).TryGet(out var asked, out var failure))
            return failure;
        // What it does would be done beside the commit.
        if (asked.Target.Operation is not null && Operations.Find(asked.Target, services) is { Writes: true })
            return new Failure.Invalid([Issue.Error("not-supported", "An operation that changes something is called by itself, or in a batch.")]);
        return asked is { IsRead: true, Target: { Id: null, IsMetadata: false, IsHistory: false, IsSearchForm: false, Operation: null } } ? await Search.Refused(asked, services, ct) : null;
    }

    private static string PathOf(PlanEntry entry) => entry.Url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var cut ? entry.Url[..cut] : entry.Url;

    private static async ValueTask<Outcome<Answer>> Each(RestRequest request, TransactionPlan plan, RestServices services, CancellationToken ct)
    {
        var answers = new List<Answer>(plan.Entries.Length);
        var reads = new BundleReads(services);
        foreach (var entry in plan.Entries)
            answers.Add(await reads.Told(() => One(entry, request, services, reads, ct)));
        return Responses("batch-response", answers);
    }

    private static async ValueTask<Answer> One(PlanEntry entry, RestRequest request, RestServices services, BundleReads reads, CancellationToken ct)
    {
        if (entry.Failure is { } refused)
            return Http.Answer.Of(refused);
        if (entry.Change is not { } change)
            return await Asked(entry, request, reads, ct);
        return (await Writing.Commit(request.Access, [change], services, ct)).TryGet(out var commit, out var failure)
            ? Writing.Of(commit.Changes[0], InBundle(request))
            : Http.Answer.Of(failure);
    }

    /// <summary>A GET or an operation in a bundle is answered by the same interactions, with the same access; in a transaction both see what it wrote.</summary>
    private static async ValueTask<Answer> Asked(PlanEntry entry, RestRequest request, BundleReads reads, CancellationToken ct)
    {
        if (!RequestOf(entry, request).TryGet(out var asked, out var failure))
            return Http.Answer.Of(failure);
        if (!(await reads.Answer(asked, ct)).TryGet(out var answer, out failure))
            return Http.Answer.Of(failure);
        return entry.Method == "HEAD" && !answer.IsOutcome ? answer with { Body = [] } : answer;
    }

    private static Outcome<RestRequest> RequestOf(PlanEntry entry, RestRequest bundle)
    {
        var path = PathOf(entry);
        return RestTarget.Parse(path).Select(target => new RestRequest(bundle.Access, entry.Method, target, bundle.FhirBase)
        {
            Query = Parameters.Read(entry.Url[path.Length..]),
            Prefer = bundle.Prefer,
            IfNoneMatch = entry.IfNoneMatch,
            IfModifiedSince = entry.IfModifiedSince?.UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
            Body = entry.Input?.Bytes ?? default,
            Parsed = entry.Input,
        });
    }

    // A bundle's response repeats what was sent only when it is asked for.
    private static ReturnForm InBundle(RestRequest request) => request.Prefer.Return == ReturnForm.Unset ? ReturnForm.Minimal : request.Prefer.Return;

    // A response in a bundle has no header: when it is worth while to ask again stands in that of the whole.
    private static Answer Responses(string type, IReadOnlyCollection<Answer> answers) =>
        new(StatusCodes.Status200OK) { Body = Bundles.Close(Bundles.Open(type, null, []), answers, Bundles.Responded), IsForLater = answers.Any(answer => answer.IsForLater) };
}
