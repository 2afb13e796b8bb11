using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>Reads one resource after another into the same table: for those who look at each and let it go, such as when many are validated and indexed.
/// For one thread at a time.</summary>
public sealed class ResourceReader
{
    private readonly JsonScratch _scratch = new();
    private Resource? _last;

    /// <summary>As <see cref="Resource.Parse"/>, but the resource lasts only until the next one is read: asked afterwards, it throws.
    /// A copy that stays is <c>Resource.Parse(resource.Bytes)</c>.</summary>
    public Outcome<Resource> Read(ReadOnlyMemory<byte> utf8)
    {
        _last?.Tree.Release();
        _last = null;
        _scratch.Trim();
        if (!JsonTree.Parse(utf8, FhirSchema.R4.Names, _scratch).TryGet(out var tree, out var failure))
            return failure;
        var read = Resource.Of(tree);
        _last = read.Failure is null ? read.Value : null;
        return read;
    }
}
