using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Profiles, tags and security labels of a resource: read, added, taken away. Source: http://hl7.org/fhir/R4/resource-operations.html.</summary>
internal static class MetaOperations
{
    private const string Definitions = "http://hl7.org/fhir/OperationDefinition/Resource-";

    /// <summary><c>$meta</c>, <c>$meta-add</c> and <c>$meta-delete</c> on an instance of any type. What they change is a new version, as with any other write. <c>$meta</c> on a type and on the system tells all that are in use.</summary>
    public static IEnumerable<Operation> Of(RestServices services) =>
    [
        new("meta", null, OperationLevel.System, Definitions + "meta", ReadsOnly: true, (request, ct) => ReadAll(request, services, ct)),
        new("meta", null, OperationLevel.Type, Definitions + "meta", ReadsOnly: true, (request, ct) => ReadAll(request, services, ct)),
        new("meta", null, OperationLevel.Instance, Definitions + "meta", ReadsOnly: true, (request, ct) => Read(request, services, ct)),
        new("meta-add", null, OperationLevel.Instance, Definitions + "meta-add", ReadsOnly: false, (request, ct) => Write(request, MetaEdit.Add, services, ct)) { Writes = true },
        new("meta-delete", null, OperationLevel.Instance, Definitions + "meta-delete", ReadsOnly: false, (request, ct) => Write(request, MetaEdit.Delete, services, ct)) { Writes = true },
    ];

    private static async ValueTask<Outcome<Answer>> Read(RestRequest request, RestServices services, CancellationToken ct) =>
        OperationInput.Read(request).Failure is { } refused
            ? refused
            : (await services.Store.Read(request.Access, Key(request), ct)).Select(stored => Told(stored.Json));

    private static async ValueTask<Outcome<Answer>> ReadAll(RestRequest request, RestServices services, CancellationToken ct) =>
        OperationInput.Read(request).Failure is { } refused
            ? refused
            : (await services.Store.Labelled(request.Access, request.Target.Type == "Resource" ? null : request.Target.Type, ct)).Select(bearers => Told(MetaEdit.Together(bearers.Select(stored => Resource.Parse(stored.Json).Value))));

    private static async ValueTask<Outcome<Answer>> Write(RestRequest request, Func<Resource, Element, Outcome<Resource>> edit, RestServices services, CancellationToken ct)
    {
        if (!OperationInput.Read(request, "meta").TryGet(out var input, out var failure) || !Conditions.IfMatch(request.IfMatch).TryGet(out var version, out failure))
            return failure;
        if (input.Value("meta") is not { Type.Name: "Meta" } meta)
            return new Failure.Invalid([Issue.Error("required", "The parameter meta is missing, or no Meta.")]);
        var change = Change.Patch(Key(request), resource => edit(resource, meta)) with { IfMatch = version.Id };
        return (await Writing.Commit(request.Access, [change], services, ct)).Select(commit => Told(commit.Changes[0].Json));
    }

    private static ResourceKey Key(RestRequest request) => new(request.Target.Type!, request.Target.Id!);

    private static Answer Told(ReadOnlyMemory<byte> json) => Told([Resource.Parse(json).Value.Root.Child("meta")!.Value.Json]);

    // Nothing is said where there is no label: FHIR has no empty elements.
    private static Answer Told(IReadOnlyList<ReadOnlyMemory<byte>> meta) => new(StatusCodes.Status200OK)
    {
        Body = meta.Count == 0
            ? new JsonPieces().Raw("""{"resourceType":"Parameters"}""").Body()
            : new JsonPieces().Raw("""{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":""").Stored(meta).Raw("}]}").Body(),
    };
}
