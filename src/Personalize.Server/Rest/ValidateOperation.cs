using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary><c>POST [base]/Type/$validate</c>, <c>[base]/Type/id/$validate</c> and <c>[base]/Resource/$validate</c>: says what is wrong with a resource and stores nothing.
/// Takes the resource itself or Parameters (<c>resource</c>, <c>profile</c>, <c>mode</c>). Source: http://hl7.org/fhir/R4/resource-operation-validate.html.</summary>
internal sealed class ValidateOperation
{
    private const string Definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate";
    private static readonly TimeSpan _longestTime = TimeSpan.FromSeconds(20);

    private readonly IResourceStore _store;
    private readonly StoredDefinitions _definitions;

    private ValidateOperation(IResourceStore store, StoredDefinitions definitions) => (_store, _definitions) = (store, definitions);

    /// <summary>What was asked: the resource with the place in the body at which its own lines begin (of XML they are those of the body), the profiles, the mode.</summary>
    private sealed record Asked(Resource Resource, (int Line, int Column) Start, ImmutableArray<string> Profiles, ValidationMode Mode);

    /// <summary>The operation, on types and on instances.</summary>
    public static IEnumerable<Operation> Of(IResourceStore store, StoredDefinitions definitions)
    {
        var validate = new ValidateOperation(store, definitions);
        foreach (var level in new[] { OperationLevel.Type, OperationLevel.Instance })
            yield return new Operation("validate", null, level, Definition, ReadsOnly: level == OperationLevel.Instance, validate.Answer);
    }

    private async ValueTask<Outcome<Answer>> Answer(RestRequest request, CancellationToken ct)
    {
        if (!(await Wished(request, ct)).TryGet(out var asked, out var failure))
            return failure;
        if (request.Target.Type != "Resource" && asked.Resource.Type != request.Target.Type)
            return new Failure.Invalid($"The resource is not of the type {request.Target.Type}.", "resourceType");
        // One resource must not hold a thread for long, whatever the profiles in the store ask for.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(_longestTime);
        if (!(await _definitions.For(request.Access, asked.Resource, asked.Profiles, ct)).TryGet(out var context, out failure))
            return failure;
        var issues = Validator.Validate(asked.Resource, context with { Mode = asked.Mode, Path = context.Path with { Stop = stop.Token } }, asked.Profiles).Select(i => Placed(i, asked.Start)).ToImmutableArray();
        if (asked.Mode == ValidationMode.Update && request.Target.Id is { } id && asked.Resource.Id is { } own && own != id)
            issues = issues.Add(Issue.Error("value", "The id is not the one in the URL.", $"{asked.Resource.Type}.id"));
        return Http.Answer.Ok(issues.IsEmpty ? Outcomes.Good("Nothing is wrong with it.") : Outcomes.Json([.. issues.OrderByDescending(i => i.Severity)]));
    }

    /// <summary>What was posted; on an instance without a resource in the body, what is stored.</summary>
    private async ValueTask<Outcome<Asked>> Wished(RestRequest request, CancellationToken ct)
    {
        if (request.Body.IsEmpty)
            return (await Stored(request, "The body is empty: post the resource, or Parameters with it.", ct)).Then(stored => Read(request, stored));
        if (!request.Content().TryGet(out var body, out var failure))
            return failure;
        if (body.Type != "Parameters" || Posted(body) is not null || request.Target.Type is "Parameters" || request.Target is { Type: "Resource", Id: null })
            return Read(request, body);
        return (await Stored(request, "The parameter resource is missing.", ct)).Then(stored => Read(request, body).Select(asked => asked with { Resource = stored }));
    }

    private async ValueTask<Outcome<Resource>> Stored(RestRequest request, string otherwise, CancellationToken ct) => request.Target is { Type: { } type, Id: { } id }
        ? (await _store.Read(request.Access, new ResourceKey(type, id), ct)).Then(stored => Resource.Parse(stored.Json))
        : new Failure.Invalid(otherwise);

    private static Element? Posted(Resource parameters) =>
        parameters.Root.Children("parameter").Where(p => p.Child("name")?.Text == "resource").Select(p => p.Child("resource")).FirstOrDefault(r => r is not null);

    private static Outcome<Asked> Read(RestRequest request, Resource body)
    {
        if (request.Query.Any(p => p.Key is not ("profile" or "mode" or "_format" or "_pretty")))
            return new Failure.Invalid("$validate takes the parameters profile and mode.");
        var parameters = body.Type == "Parameters" ? body.Root.Children("parameter").Select(p => (Name: p.Child("name")?.Text, Part: p)).ToList() : [];
        var posted = body.Type == "Parameters" ? Posted(body) : null;
        // Parameters may be what is to be judged.
        var given = posted is null && (request.Target.Id is null || request.Target.Type == "Parameters") ? [] : parameters.Select(p => (p.Name, p.Part.Child("value")?.Text));
        var all = request.Query.Select(p => ((string?)p.Key, (string?)p.Value)).Concat(given).ToLookup(p => p.Item1, p => p.Item2);
        if (!Mode(all["mode"].FirstOrDefault()).TryGet(out var mode, out var failure))
            return failure;
        var profiles = all["profile"].OfType<string>().Where(p => p.Length > 0).Distinct().ToImmutableArray();
        return posted is { } inside ? Resource.Of(inside).Select(r => new Asked(r, request.Parsed is null ? inside.Position() : (1, 1), profiles, mode)) : new Asked(body, (1, 1), profiles, mode);
    }

    private static Outcome<ValidationMode> Mode(string? mode) => mode switch
    {
        null or "profile" => ValidationMode.Content,
        "create" => ValidationMode.Create,
        "update" => ValidationMode.Update,
        "delete" => ValidationMode.Delete,
        _ => new Failure.Invalid("mode is create, update, delete or profile."),
    };

    /// <summary>Line and column in the body that was posted.</summary>
    private static Issue Placed(Issue issue, (int Line, int Column) start) => issue.Line == 0 ? issue
        : issue with { Line = issue.Line + start.Line - 1, Column = issue.Line == 1 ? issue.Column + start.Column - 1 : issue.Column };
}
