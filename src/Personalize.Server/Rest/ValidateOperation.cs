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

    /// <summary>What was asked: the resource with the place at which it begins in the body, the profiles, the mode.</summary>
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
        if (!(await Body(request, ct)).Then(body => Read(request, body)).TryGet(out var asked, out var failure))
            return failure;
        if (request.Target.Type != "Resource" && asked.Resource.Type != request.Target.Type)
            return new Failure.Invalid($"The resource is not a {request.Target.Type}.", "resourceType");
        // One resource must not hold a thread for long, whatever the profiles in the store ask for.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(_longestTime);
        var context = await _definitions.For(request.Access, asked.Resource, asked.Profiles, ct);
        var issues = Validator.Validate(asked.Resource, context with { Mode = asked.Mode, Path = context.Path with { Stop = stop.Token } }, asked.Profiles).Select(i => Placed(i, asked.Start)).ToImmutableArray();
        if (asked.Mode == ValidationMode.Update && request.Target.Id is { } id && asked.Resource.Id is { } own && own != id)
            issues = issues.Add(Issue.Error("value", "The id is not the one in the URL.", $"{asked.Resource.Type}.id"));
        return Http.Answer.Ok(issues.IsEmpty ? Outcomes.Good("Nothing is wrong with it.") : Outcomes.Json([.. issues.OrderByDescending(i => i.Severity)]));
    }

    /// <summary>What was posted; on an instance without a body, what is stored.</summary>
    private async ValueTask<Outcome<Resource>> Body(RestRequest request, CancellationToken ct)
    {
        if (!request.Body.IsEmpty)
            return Resource.Parse(request.Body);
        if (request.Target is not { Type: { } type, Id: { } id })
            return new Failure.Invalid("The body is empty: post the resource, or Parameters with it.");
        return (await _store.Read(request.Access, new ResourceKey(type, id), ct)).Then(stored => Resource.Parse(stored.Json));
    }

    private static Outcome<Asked> Read(RestRequest request, Resource body)
    {
        if (request.Query.Any(p => p.Key is not ("profile" or "mode" or "_format" or "_pretty")))
            return new Failure.Invalid("$validate takes the parameters profile and mode.");
        var parameters = body.Type == "Parameters" ? body.Root.Children("parameter").Select(p => (Name: p.Child("name")?.Text, Part: p)).ToList() : [];
        var posted = parameters.Where(p => p.Name == "resource").Select(p => p.Part.Child("resource")).FirstOrDefault();
        if (posted is null && body.Type == "Parameters" && request.Target.Type is not ("Parameters" or "Resource"))
            return new Failure.Invalid("The parameter resource is missing.", "Parameters.parameter");
        var given = posted is null ? [] : parameters.Select(p => (p.Name, p.Part.Child("value")?.Text));
        var all = request.Query.Select(p => ((string?)p.Key, (string?)p.Value)).Concat(given).ToLookup(p => p.Item1, p => p.Item2);
        if (!Mode(all["mode"].FirstOrDefault()).TryGet(out var mode, out var failure))
            return failure;
        var profiles = all["profile"].OfType<string>().Where(p => p.Length > 0).Distinct().ToImmutableArray();
        return posted is { } inside ? Resource.Of(inside).Select(r => new Asked(r, inside.Position(), profiles, mode)) : new Asked(body, (1, 1), profiles, mode);
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
