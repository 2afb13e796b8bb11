using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>What the entries of a transaction call each other, and what they are called once stored.</summary>
internal sealed class Links
{
    private const string Temporary = "urn:uuid:";
    private readonly Dictionary<string, string> _names = [];
    private bool _isWhole;

    /// <summary>No entry names another: a batch.</summary>
    public static Links None { get; } = new();

    /// <summary>The fullUrl of each entry; for a POST whose fullUrl ends in Type/id also that.</summary>
    public static Links Of(IEnumerable<PlanEntry> entries)
    {
        var links = new Links { _isWhole = true };
        foreach (var change in entries.Select(e => e.Change).OfType<Change>().Where(c => c is { FullUrl: not null, Id: not null } && c.Kind != ChangeKind.Delete))
        {
            var name = $"{change.Type}/{change.Id}";
            links._names[change.FullUrl!] = name;
            if (change.Kind == ChangeKind.Create && change.Resource!.Id is { } own && change.FullUrl!.EndsWith($"/{change.Type}/{own}", StringComparison.Ordinal))
                links._names[$"{change.Type}/{own}"] = name;
        }
        return links;
    }

    /// <summary>The entry with its links rewritten, and its references by search read.</summary>
    public Outcome<PlanEntry> Rewrite(PlanEntry entry, SearchCatalog catalog)
    {
        var seen = new Seen();
        if (entry.Input is { } input)
            return Linked(input, seen).Select(linked => entry with { Input = linked });
        if (entry.Change is not { Resource: { } content } change)
            return entry;
        if (!Linked(content, seen).TryGet(out var rewritten, out var failure))
            return failure;
        change = change with { Resource = rewritten };
        if (_isWhole && seen.HasUnnamed && Unnamed(rewritten.Root) is { } nowhere)
            return new Failure.Invalid($"{change.Entry}: The reference names no entry of the transaction.", $"{change.Entry}.resource{nowhere.Location()[rewritten.Type.Length..]}");
        return seen.Searches.Count == 0 ? entry with { Change = change } : Read(change, seen.Searches, catalog).Select(c => entry with { Change = c });
    }

    private Outcome<Resource> Linked(Resource content, Seen seen)
    {
        var bytes = Edit.WithReferences(content, link => Name(link, seen));
        return bytes.Equals(content.Bytes) ? content : Resource.Parse(bytes);
    }

    private string? Name(string link, Seen seen)
    {
        if (_names.TryGetValue(link, out var name))
            return name;
        if (IsSearch(link))
            seen.Searches.Add(link);
        seen.HasUnnamed |= link.StartsWith(Temporary, StringComparison.Ordinal);
        return null;
    }

    /// <summary>A reference by a temporary name that no entry bears: it would lead nowhere for ever.</summary>
    private static Element? Unnamed(Element element)
    {
        foreach (var child in element.Children())
            if ((child.Definition?.Path == "Reference.reference" && child.Text?.StartsWith(Temporary, StringComparison.Ordinal) == true ? child : Unnamed(child)) is { } found)
                return found;
        return null;
    }

    private static bool IsSearch(string link) => link.IndexOf('?', StringComparison.Ordinal) is > 0 and var at && FhirSchema.R4.Type(link[..at]) is { IsResource: true };

    private static Outcome<Change> Read(Change change, IEnumerable<string> searches, SearchCatalog catalog)
    {
        var references = ImmutableArray.CreateBuilder<ConditionalReference>();
        foreach (var text in searches)
        {
            var at = text.IndexOf('?', StringComparison.Ordinal);
            var location = $"{change.Entry}.resource{Location(change.Resource!.Root, text)?[change.Type.Length..]}";
            if (!SearchQuery.Parse(text[..at], text[(at + 1)..], catalog).TryGet(out var query, out var failure))
                return new Failure.Invalid([.. failure.Issues.Select(i => i with { Text = $"{change.Entry}: {i.Text}", Expression = location })]);
            references.Add(new(text, query, location));
        }
        return change with { References = references.ToImmutable() };
    }

    private static string? Location(Element element, string reference)
    {
        foreach (var child in element.Children())
            if ((child.TextIs(reference) ? child.Location() : Location(child, reference)) is { } place)
                return place;
        return null;
    }

    /// <summary>What was met among the links of a resource.</summary>
    private sealed class Seen
    {
        /// <summary>References by search.</summary>
        public HashSet<string> Searches { get; } = [];

        /// <summary>True when there is a temporary name that no entry bears; it may be a mere identifier.</summary>
        public bool HasUnnamed { get; set; }
    }
}
