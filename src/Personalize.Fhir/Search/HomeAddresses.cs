using System.Collections.Immutable;
using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>The addresses under which the resources of a server are known: a reference to <c>https://fhir.example.org/fhir/Patient/1</c> means <c>Patient/1</c> there. Immutable. Source: http://hl7.org/fhir/R4/search.html#reference, references.html#literal.</summary>
public sealed class HomeAddresses
{
    private readonly byte[][] _utf8;

    private HomeAddresses(ImmutableSortedSet<string> all) => (All, _utf8) = (all, [.. all.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>None.</summary>
    public static HomeAddresses None { get; } = new(ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal));

    /// <summary>The addresses without their scheme, which does not count (http and https name the same resource), each with a slash at its end.</summary>
    public ImmutableSortedSet<string> All { get; }

    /// <summary>These FHIR bases, with or without scheme and slash.</summary>
    public static HomeAddresses Of(IEnumerable<string> addresses) => new(None.All.Union(addresses.Select(Plain)));

    /// <summary>What an absolute reference to a resource here names; null for one that leads elsewhere.</summary>
    public ResourceKey? Key(string reference)
    {
        var utf8 = Encoding.UTF8.GetBytes(reference);
        return References.TryKey(utf8, out var type, out _) && Holds(utf8.AsSpan()[..type.Start]) ? References.Key(reference) : null;
    }

    /// <summary>True for what stands before type and id in a reference to a resource here.</summary>
    internal bool Holds(ReadOnlySpan<byte> before)
    {
        if (_utf8.Length == 0)
            return false;
        var plain = before.StartsWith("https://"u8) ? before[8..] : before.StartsWith("http://"u8) ? before[7..] : default;
        foreach (var address in _utf8)
            if (plain.SequenceEqual(address))
                return true;
        return false;
    }

    private static string Plain(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? address : address[(scheme + 3)..]).TrimEnd('/') + "/";
    }
}
