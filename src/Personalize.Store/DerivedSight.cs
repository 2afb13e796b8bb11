using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;

namespace Personalize.Store;

/// <summary>Which derived values an access may see: those of which it may read every type that they rest on. What is not known to rest on anything is shown only to who may read everything.</summary>
/// <param name="access">Who asks.</param>
/// <param name="grounds">What the values rest on.</param>
internal sealed class DerivedSight(Access access, DerivedGrounds grounds)
{
    /// <summary>How far a search for patients goes: so far must the right to read reach too.</summary>
    private readonly Reach _needed = access.Of("Patient", Rights.Search);

    /// <summary>A Patient as this access may see it; everything else as it is.</summary>
    public ReadOnlyMemory<byte> Shown(ResourceKey key, ReadOnlyMemory<byte> json)
    {
        if (key.Type != "Patient" || json.IsEmpty)
            return json;
        var needed = access.Patient == key.Id ? Reach.Compartment : Reach.All;
        if (access.Of("*", Rights.Read) >= needed)
            return json;
        var patient = Resource.Parse(json).Value;
        var derived = DerivedExtensions.Of(patient).ToList();
        var kept = derived.Where(extension => Sees(extension, needed)).ToList();
        return kept.Count == derived.Count ? json : Edit.WithExtensions(patient, DerivedExtensions.IsDerived, [.. kept.Select(extension => extension.Json)]);
    }

    /// <summary>The same for an answer to a write; of any other type its bytes are not looked at.</summary>
    public Applied Shown(Applied applied) => applied.Key.Type == "Patient" ? applied with { Json = Shown(applied.Key, applied.Json) } : applied;

    /// <summary>The same for a version.</summary>
    public Stored Shown(Stored stored) => stored with { Json = Shown(stored.Key, stored.Json) };

    /// <summary>The codes that a search by this parameter may find; null when it may find all.</summary>
    public IReadOnlyCollection<string>? Codes(SearchParameter parameter)
    {
        if (parameter.ResourceType != "Patient" || access.Of("*", Rights.Read) >= _needed)
            return null;
        if (parameter.Expression.Contains(DerivedExtensions.Preference, StringComparison.Ordinal) && !SeesPreferences(parameter.Expression))
            return [];
        return parameter.Expression.Contains(DerivedExtensions.Segment, StringComparison.Ordinal)
            ? [.. grounds.Segments.Where(segment => Reads(segment.Value, _needed)).Select(segment => segment.Key)]
            : null;
    }

    // The kinds that the expression names as literals; all of them when it names none.
    private bool SeesPreferences(string expression)
    {
        var named = grounds.Preferences.Where(kind => expression.Contains($"'{kind.Key}'", StringComparison.Ordinal)).ToList();
        return grounds.Preferences.Count > 0 && (named.Count > 0 ? named : grounds.Preferences.AsEnumerable()).All(kind => Reads(kind.Value, _needed));
    }

    private bool Sees(Element extension, Reach needed) => extension.Child("url")?.Text == DerivedExtensions.Segment
        ? Value(extension, "code")?.Child("code")?.Text is { } code && grounds.Segments.TryGetValue(code, out var behind) && Reads(behind, needed)
        : Value(extension, "kind")?.Text is { } kind && grounds.Preferences.TryGetValue(kind, out behind) && Reads(behind, needed);

    private static Element? Value(Element extension, string url) =>
        extension.Children("extension").Where(part => part.Child("url")?.Text == url).Select(part => part.Child("value")).FirstOrDefault();

    private bool Reads(ImmutableSortedSet<string> types, Reach needed) => types.All(type => access.Of(type, Rights.Read) >= needed);
}
