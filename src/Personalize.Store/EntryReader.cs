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
        var read = new PlanEntry(index, Text(request, "method") ?? "", Text(request, "url") ?? "", null, null) { IfNoneMatch = Text(request, "ifNoneMatch"), IfModifiedSince = Instant(Text(request, "ifModifiedSince")) };
        if (read.Method is "GET" or "HEAD")
            return read;
        if (read.Method == "POST" && IsOperation(read.Url))
            return Operation(read, entry);
        var change = read.Method switch
        {
            "POST" => Create(read, entry),
            "PUT" => Update(read, entry),
            "DELETE" => Named(read).Select(named => named.Where is { } where ? Change.Delete(where, Condition.MostOf(where)) : Change.Delete(named.Key!)),
            "PATCH" => Patch(read, entry),
            _ => At(read, "The method is not supported in a bundle."),
        };
        if (!change.TryGet(out var made, out var failure))
            return read with { Failure = failure };
        if (read.IfNoneMatch is not null && (read.Method != "PUT" || read.IfNoneMatch.Trim() != "*"))
            return read with { Failure = At(read, "ifNoneMatch is for a GET, or * for a PUT.") };
        var guard = Version(Text(request, "ifMatch"));
        if (guard.IsMalformed)
            return read with { Failure = At(read, "ifMatch is malformed.") };
        return read with { Change = made with { Entry = read.Name, FullUrl = entry.Child("fullUrl")?.Text, IfMatch = guard.Version, IfAbsent = read.IfNoneMatch is not null } };
    }

    /// <summary><c>Patient/$validate?mode=create</c>: the last part of the path begins with a dollar.</summary>
    private static bool IsOperation(string url)
    {
        var path = url.AsSpan(0, url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var cut ? cut : url.Length);
        return path[(path.LastIndexOf('/') + 1)..].StartsWith('$');
    }

    private static PlanEntry Operation(PlanEntry read, Element entry)
    {
        if (entry.Child("resource") is not { } element)
            return read;
        return Resource.Of(element).TryGet(out var input, out _) ? read with { Input = input } : read with { Failure = At(read, "The resource is of no known type.") };
    }

    private static DateTimeOffset? Instant(string? text) => FhirDateTime.TryParse(text, out var instant) ? instant.Earliest(TimeSpan.Zero) : null;

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
            return At(read, "The URL of a POST names a resource type or an operation.");
        if (!Content(read, entry, read.Url).TryGet(out var content, out var failure))
            return failure;
        var change = Change.Create(content, newId());
        if (Text(entry.Child("request"), "ifNoneExist") is not { } condition)
            return change;
        return Where(read, read.Url, condition).Select(query => change with { IfNoneExist = query });
    }

    private Outcome<Change> Update(PlanEntry read, Element entry)
    {
        if (!Named(read).TryGet(out var named, out var failure) || !Content(read, entry, named.Type).TryGet(out var content, out failure))
            return failure;
        if (named.Where is { } where)
            return Change.Update(where, content) with { Id = content.Id ?? newId() };
        return content.Id is { } id && id != named.Key!.Id ? At(read, "The id in the resource is not the one in the URL.") : Change.Update(named.Key!.Id, content);
    }

    /// <summary>Parameters are a FHIRPath Patch; a Binary bears a JSON Patch. Source: FHIR R4, RESTful API, patch.</summary>
    private Outcome<Change> Patch(PlanEntry read, Element entry)
    {
        if (!Named(read).TryGet(out var named, out var failure))
            return failure;
        if (entry.Child("resource") is not { } element || !Resource.Of(element).TryGet(out var resource, out _))
            return At(read, "There is no resource of a known type.");
        if (resource.Type == "Parameters")
            return named.Where is { } where ? Change.Patch(where, resource) : Change.Patch(named.Key!, resource);
        var isJson = resource.Type == "Binary" && resource.Root.Child("contentType")?.Text == "application/json-patch+json";
        if (!isJson || Bytes(resource.Root.Child("data")?.Text ?? "") is not { } patch)
            return At(read, "A patch is Parameters, or a Binary of application/json-patch+json.");
        return named.Where is { } found ? Change.Patch(found, patch) : Change.Patch(named.Key!, patch);
    }

    /// <summary><c>Type/id</c> or <c>Type?search</c>.</summary>
    private Outcome<Target> Named(PlanEntry read)
    {
        if (Key(read.Url) is { } key)
            return new Target(key.Type, key, null);
        var at = read.Url.IndexOf('?', StringComparison.Ordinal);
        if (at < 0 || FhirSchema.R4.Type(read.Url[..at]) is not { IsResource: true, IsAbstract: false })
            return At(read, $"The URL of a {read.Method} is Type/id, or Type?search.");
        return Where(read, read.Url[..at], read.Url[at..]).Select(where => new Target(where.Type, null, where));
    }

    private Outcome<SearchQuery> Where(PlanEntry read, string type, string condition)
    {
        var query = Condition.Read(type, condition, catalog);
        return query.Failure is { } failure ? At(read, failure) : query;
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

    private static Failure.Invalid At(PlanEntry read, Failure failure) => new([.. failure.Issues.Select(i => i with { Text = $"{read.Name}: {i.Text}", Expression = read.Name })]);

    private sealed record Target(string Type, ResourceKey? Key, SearchQuery? Where);
}
