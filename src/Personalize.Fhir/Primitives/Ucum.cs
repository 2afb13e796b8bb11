using System.Collections.Concurrent;

namespace Personalize.Fhir.Primitives;

/// <summary>A unit in terms of base units: <c>value * Factor + Shift</c> is the value in them.</summary>
/// <param name="Factor">How many of the product of the base units it is.</param>
/// <param name="Dimension">The base units and their exponents, in canonical order.</param>
/// <param name="Shift">The zero point of a temperature scale, otherwise 0.</param>
internal sealed record UcumUnit(decimal Factor, string Dimension, decimal Shift = 0)
{
    /// <summary>The value in base units; null when it does not fit into a decimal.</summary>
    public decimal? ToBaseUnits(decimal value)
    {
        try
        {
            return decimal.Add(decimal.Multiply(value, Factor), Shift);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}

/// <summary>UCUM units that occur in health records: which are of one dimension, and how they convert. An unknown unit in brackets is its own dimension.
/// Amount of substance (<c>mol</c>) is a dimension of its own here, so that moles never turn into plain numbers. Source: UCUM 2.1, tables 1 to 24.</summary>
internal static class Ucum
{
    private const int KeptUnits = 4096;
    private const int LongestCode = 128;

    private static readonly ConcurrentDictionary<string, UcumUnit?> Known = new(StringComparer.Ordinal);

    /// <summary>The unit of a code; null when it is not known or not well formed.</summary>
    public static UcumUnit? Find(string code)
    {
        if (Known.TryGetValue(code, out var unit))
            return unit;
        // Codes come from outside: what is read and kept of them is bounded.
        if (code.Length > LongestCode)
            return null;
        unit = Special(code) ?? Read(code);
        if (Known.Count < KeptUnits)
            Known.TryAdd(code, unit);
        return unit;
    }

    private static UcumUnit? Special(string code) => code switch
    {
        "Cel" => new UcumUnit(1m, "K^1", 273.15m),
        "[degF]" => new UcumUnit(5m / 9m, "K^1", 459.67m * 5m / 9m),
        _ => null,
    };

    private static UcumUnit? Read(string code)
    {
        try
        {
            return new UcumReader(code).Unit()?.ToUnit();
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>A unit without prefix out of the table; null when there is none of that symbol.</summary>
    internal static UcumTerm? Atom(string symbol)
    {
        if (UcumTable.Definitions.TryGetValue(symbol, out var definition))
            return definition.Unit is null ? UcumTerm.Of(definition.Factor, symbol) : new UcumReader(definition.Unit).Unit()?.Times(definition.Factor);
        return symbol.StartsWith('[') && symbol.EndsWith(']') ? UcumTerm.Of(1m, symbol) : null;
    }
}
