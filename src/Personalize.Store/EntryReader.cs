using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>Reads one entry of a batch or transaction. Every failure names it.</summary>
internal sealed class EntryReader(SearchCatalog catalog, Func<ResourceId> newId)
{
    /// <summary>The entry with its change, or with the reason why it has none.</summary>
    public PlanEntry Read(Element entry, int index)
    {
        var request = entry.Child("request");
        var read = new PlanEntry(index, Text(request, "method") ?? "", Text(request, "url") ?? "", null, null) { IfNoneMatch = Text(request, "ifNoneMatch") };
        if (read.Method is "GET" or "HEAD")
            return read;
        var change = read.Method switch
        {
            "POST" => Create(read, entry),
            "PUT" => Update(read, entry),
            "DELETE" => Delete(read),
            "PATCH" => Patch(read, entry),
            _ => At(read, "The method is not supported in a bundle."),
        };
        if (!change.TryGet(out var made, out var failure))
            return read with { Failure = failure };
        var guard = Version(Text(request, "ifMatch"));
        if (guard.IsMalformed)
            return read with { Failure = At(read, "ifMatch is malformed.") };
        return read with { Change = made with { Entry = read.Name, FullUrl = entry.Child("fullUrl")?.Text, IfMatch = guard.Version } };
    }

    /// <summary><c>W/"3"</c> is version 3.</summary>
    private static (string? Version, bool IsMalformed) Version(string? etag)
    {
        if (etag is null)
            return (null, false);
        var version = etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag;
        return version.Length > 2 && version[0] == '"' && version[^1] == '"' ? (version[1..^1], false) : (null, true);
    }

    private Outcome<Change> Create(PlanEntry read, Element entry)
    {
        if (FhirSchema.R4.Type(read.Url) is not { IsResource: true, IsAbstract: false })
            return At(read, read.Url.Contains('$', StringComparison.Ordinal) ? "An operation is called by GET in a bundle, or by itself." : "The URL of a POST names a resource type.");
        if (!Content(read, entry, read.Url).TryGet(out var content, out var failure))
            return failure;
        var change = Change.Create(content, newId());
        if (Text(entry.Child("request"), "ifNoneExist") is not { } condition)
            return change;
        if (!SearchQuery.Parse(read.Url, condition.TrimStart('?'), catalog).TryGet(out var query, out failure))
            return Named(read, failure);
        return query.Clauses.IsEmpty ? At(read, "ifNoneExist has no condition.") : change with { IfNoneExist = query };
    }

    private static Outcome<Change> Update(PlanEntry read, Element entry)
    {
        if (Key(read.Url) is not { } key)
            return At(read, "The URL of a PUT is Type/id; an update by condition is not supported.");
        if (!Content(read, entry, key.Type).TryGet(out var content, out var failure))
            return failure;
        return content.Id is { } id && id != key.Id ? At(read, "The id in the resource is not the one in the URL.") : Change.Update(key.Id, content);
    }

    private static Outcome<Change> Delete(PlanEntry read) =>
        Key(read.Url) is { } key ? Change.Delete(key) : At(read, "The URL of a DELETE is Type/id; a deletion by condition is not supported.");

    /// <summary>Parameters are a FHIRPath Patch; a Binary bears a JSON Patch. Source: FHIR R4, RESTful API, patch.</summary>
    private static Outcome<Change> Patch(PlanEntry read, Element entry)
    {
        if (Key(read.Url) is not { } key)
            return At(read, "The URL of a PATCH is Type/id; a patch by condition is not supported.");
        if (entry.Child("resource") is not { } element || !Resource.Of(element).TryGet(out var resource, out _))
            return At(read, "There is no resource of a known type.");
        if (resource.Type == "Parameters")
            return Change.Patch(key, resource);
        var isJson = resource.Type == "Binary" && resource.Root.Child("contentType")?.Text == "application/json-patch+json";
        return isJson && Bytes(resource.Root.Child("data")?.Text ?? "") is { } patch ? Change.Patch(key, patch) : At(read, "A patch is Parameters, or a Binary of application/json-patch+json.");
    }

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    private static ResourceKey? Key(string url) =>
        ResourceKey.TryParse(url, out var key) && key.ToString() == url && FhirSchema.R4.Type(key.Type) is { IsResource: true, IsAbstract: false } ? key : null;

    private static Outcome<Resource> Content(PlanEntry read, Element entry, string type)
    {
        if (entry.Child("resource") is not { } element || !Resource.Of(element).TryGet(out var resource, out _))
            return At(read, "There is no resource of a known type.");
        return resource.Type == type ? resource : At(read, "The resource is of another type than the URL says.");
    }

    private static string? Text(Element? element, string child) => element?.Child(child)?.Text;

    private static Failure.Invalid At(PlanEntry read, string text) => new($"{read.Name}: {text}", read.Name);

    private static Failure.Invalid Named(PlanEntry read, Failure failure) => new([.. failure.Issues.Select(i => i with { Text = $"{read.Name}: {i.Text}", Expression = read.Name })]);
}
