using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Validation;

/// <summary>Codes that were found to be in a value set that is more than a list, such as media types and currencies: the last ones are kept, so that meeting them again costs neither time nor memory. For one thread.</summary>
internal sealed class CodesSeen
{
    private const int Places = 64;
    private const int MaxLength = 64;

    [ThreadStatic] private static CodesSeen? _ofThread;

    private readonly (ValueSets Sets, string Set, byte[] Code)[] _seen = new (ValueSets, string, byte[])[Places];

    public static CodesSeen OfThread => _ofThread ??= new();

    /// <summary>True when it is known to be in the set.</summary>
    public bool Has(ValueSets sets, string set, ReadOnlySpan<byte> code)
    {
        ref readonly var place = ref _seen[Place(code)];
        return ReferenceEquals(place.Sets, sets) && ReferenceEquals(place.Set, set) && code.SequenceEqual(place.Code);
    }

    /// <summary>Keeps a code that is in the set.</summary>
    public void Add(ValueSets sets, string set, ReadOnlySpan<byte> code)
    {
        if (code.Length is > 0 and <= MaxLength)
            _seen[Place(code)] = (sets, set, code.ToArray());
    }

    private static int Place(ReadOnlySpan<byte> code) => code.IsEmpty ? 0 : (code[0] + (code[^1] * 7) + (code.Length * 31)) % Places;
}
