using System.Collections.Concurrent;

namespace Personalize.Fhir.Primitives;

/// <summary>A unit in terms of base units: <c>value * Factor + Shift</c> is the value in them.</summary>
/// <param name="Factor">How many of the product of the base units it is.</param>
/// <param name="Dimension">The base units and their exponents, in canonical order.</param>
/// <param name="Shift">The zero point of a temperature scale, otherwise 0.</param>
internal sealed record UcumUnit(Ratio Factor, string Dimension, Ratio Shift)
{
    /// <summary>The value in base units.</summary>
    public Ratio ToBaseUnits(decimal value) => (Ratio.Of(value) * Factor) + Shift;
}

/// <summary>UCUM units that occur in health records: which are of one dimension, and how they convert. An unknown unit in brackets is its own dimension.
/// Amount of substance (<c>mol</c>) is a dimension of its own here, so that moles never turn into plain numbers. Source: UCUM 2.1, tables 1 to 24.</summary>
internal static class Ucum
{
    private const int KeptUnits = 4096;
    /// <summary>Longer codes are not read.</summary>
    public const int LongestCode = 128;

    private static readonly ConcurrentDictionary<string, UcumUnit?> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, UcumScale?> Scales = new(StringComparer.Ordinal);

    /// <summary>The unit of a code; null when it is not known or not well formed.</summary>
    public static UcumUnit? Find(string code)
    {
        if (Known.TryGetValue(code, out var unit))
            return unit;
        // Codes come from outside: what is read and kept of them is bounded.
        if (code.Length > LongestCode)
            return null;
        unit = Special(code) ?? new UcumReader(code).Unit()?.ToUnit();
        if (Known.Count < KeptUnits)
            Known.TryAdd(code, unit);
        return unit;
    }

    /// <summary>The way from a unit to its base units; null when it is not known.</summary>
    public static UcumScale? Scale(ReadOnlySpan<char> code)
    {
        var scales = Scales.GetAlternateLookup<ReadOnlySpan<char>>();
        if (scales.TryGetValue(code, out var scale))
            return scale;
        scale = Find(code.ToString()) is { } unit ? UcumScale.Of(unit) : null;
        if (Scales.Count < KeptUnits)
            scales.TryAdd(code, scale);
        return scale;
    }

    private static UcumUnit? Special(string code) => code switch
    {
        "Cel" => new UcumUnit(Ratio.One, "K^1", Ratio.Of(273.15m)),
        "[degF]" => new UcumUnit(new Ratio(5, 9), "K^1", Ratio.Of(459.67m) * new Ratio(5, 9)),
        _ => null,
    };

    /// <summary>A unit without prefix out of the table; null when there is none of that symbol.</summary>
    internal static UcumTerm? Atom(string symbol)
    {
        if (UcumTable.Definitions.TryGetValue(symbol, out var definition))
            return definition.Unit is null ? UcumTerm.Of(Ratio.One, symbol) : new UcumReader(definition.Unit).Unit()?.Times(definition.Factor);
        return symbol.StartsWith('[') && symbol.EndsWith(']') ? UcumTerm.Of(Ratio.One, symbol) : null;
    }
}
