using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>A request as a value: it came over HTTP, stands in a bundle, or is made by the verb <c>load</c>. Whoever holds one has an <see cref="Store.Access"/>.</summary>
/// <param name="Access">Who asks, and what they may do.</param>
/// <param name="Method">GET, HEAD, POST, PUT, PATCH, DELETE.</param>
/// <param name="Target">What the URL names.</param>
/// <param name="FhirBase">The base that links and locations begin with; ends with a slash.</param>
public sealed record RestRequest(Access Access, string Method, RestTarget Target, Uri FhirBase)
{
    /// <summary>The parameters of the URL, and for <c>_search</c> of the form; decoded, in order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when the body is a JSON Patch, not a resource.</summary>
    public bool IsJsonPatch { get; init; }

    /// <summary>True when the body is an XML Patch, not a resource.</summary>
    public bool IsXmlPatch { get; init; }

    /// <summary>The body as a resource, when it was read on its way in (from XML: its places are those of the XML); null otherwise.</summary>
    public Resource? Parsed { get; init; }

    /// <summary>What the client would rather have.</summary>
    public Prefer Prefer { get; init; } = Prefer.Nothing;

    /// <summary>The header of that name.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The header of that name.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The header of that name.</summary>
    public string? IfModifiedSince { get; init; }

    /// <summary>The header of that name.</summary>
    public string? IfNoneExist { get; init; }

    /// <summary>The resource in the body. Fails as <see cref="Resource.Parse"/>.</summary>
    public Outcome<Resource> Content() => Parsed is { } parsed ? parsed : Resource.Parse(Body);

    /// <summary>True for GET and HEAD.</summary>
    public bool IsRead => Method is "GET" or "HEAD";
}
