using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

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

    private static readonly ConcurrentDictionary<string, UcumUnit?> Known = new(StringComparer.Ordinal);

    /// <summary>The unit of a code; null when it is not known or not well formed.</summary>
    public static UcumUnit? Find(string code)
    {
        if (Known.TryGetValue(code, out var unit))
            return unit;
        unit = Special(code) ?? Read(code);
        // Codes come from outside: what is kept of them is bounded.
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

/// <summary>A factor and base units with exponents, while a unit is read.</summary>
internal sealed record UcumTerm(decimal Factor, ImmutableSortedDictionary<string, int> Exponents)
{
    private static readonly ImmutableSortedDictionary<string, int> None = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public static UcumTerm Of(decimal factor, string? baseUnit = null) => new(factor, baseUnit is null ? None : None.Add(baseUnit, 1));

    public UcumTerm Times(decimal factor) => this with { Factor = Factor * factor };

    public UcumTerm Times(UcumTerm other, int sign)
    {
        var exponents = Exponents;
        foreach (var (unit, exponent) in other.Exponents)
        {
            var sum = exponents.GetValueOrDefault(unit) + (sign * exponent);
            exponents = sum == 0 ? exponents.Remove(unit) : exponents.SetItem(unit, sum);
        }
        return new UcumTerm(sign > 0 ? Factor * other.Factor : Factor / other.Factor, exponents);
    }

    public UcumTerm Power(int exponent)
    {
        var result = Of(1m);
        for (var i = 0; i < Math.Abs(exponent); i++)
            result = result.Times(this, Math.Sign(exponent));
        return result;
    }

    public UcumUnit ToUnit() => new(Factor, string.Join('.', Exponents.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}^{e.Value}"))));
}

/// <summary>The grammar of UCUM: products, ratios, parentheses, exponents, prefixes, annotations.</summary>
internal sealed class UcumReader(string code)
{
    private const int DeepestParentheses = 16;
    private const int GreatestExponent = 24;
    private int _at;
    private int _depth;

    public UcumTerm? Unit() => Product() is { } term && _at == code.Length ? term : null;

    private UcumTerm? Product()
    {
        var result = Next('/') ? UcumTerm.Of(1m).DividedBy(Component()) : Component();
        while (result is not null && _at < code.Length && code[_at] is '.' or '/')
            result = Next('.') ? result!.MultipliedBy(Component()) : Next('/') ? result!.DividedBy(Component()) : null;
        return result;
    }

    private bool Next(char expected)
    {
        var found = _at < code.Length && code[_at] == expected;
        if (found)
            _at++;
        return found;
    }

    private UcumTerm? Component()
    {
        if (Next('('))
            return InParentheses();
        if (_at < code.Length && code[_at] == '{')
            return Annotation() ? UcumTerm.Of(1m) : null;
        var factor = Number();
        if (factor is not null && !(factor == 10 && _at < code.Length && code[_at] is '*' or '^'))
            return Annotation() ? UcumTerm.Of(factor.Value) : null;
        var unit = factor is not null && _at++ > 0 ? UcumTerm.Of(10m) : Simple(Symbol());
        var exponent = Exponent();
        return unit is null || exponent is null || !Annotation() ? null : unit.Power(exponent.Value);
    }

    private UcumTerm? InParentheses()
    {
        if (++_depth > DeepestParentheses)
            return null;
        var inner = Product();
        return Next(')') ? inner : null;
    }

    private decimal? Number()
    {
        var start = _at;
        while (_at < code.Length && char.IsAsciiDigit(code[_at]))
            _at++;
        return _at > start && decimal.TryParse(code.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private string Symbol()
    {
        var start = _at;
        while (_at < code.Length && (char.IsAsciiLetter(code[_at]) || code[_at] is '[' or '%' or '\'' or '_' or '"'))
        {
            // What stands in brackets belongs to the symbol, whatever it is.
            var end = code[_at] == '[' ? code.IndexOf(']', _at) : _at;
            if (end < 0)
                return "";
            _at = end + 1;
        }
        return code[start.._at];
    }

    private int? Exponent()
    {
        var start = _at;
        var sign = Next('-') ? -1 : 1;
        if (sign == 1)
            Next('+');
        return Number() is { } number ? number <= GreatestExponent ? sign * (int)number : null : _at == start ? 1 : null;
    }

    private bool Annotation()
    {
        if (!Next('{'))
            return true;
        var end = code.IndexOf('}', _at);
        _at = end + 1;
        return end >= 0;
    }

    private static UcumTerm? Simple(string symbol)
    {
        if (symbol.Length == 0)
            return null;
        if (Ucum.Atom(symbol) is { } whole)
            return whole;
        foreach (var (prefix, factor) in UcumTable.Prefixes)
        {
            if (symbol.Length > prefix.Length && symbol.StartsWith(prefix, StringComparison.Ordinal) && Metric(symbol[prefix.Length..]) is { } unit)
                return unit.Times(factor);
        }
        return null;
    }

    private static UcumTerm? Metric(string symbol) =>
        UcumTable.Definitions.TryGetValue(symbol, out var definition) && definition.IsMetric ? Ucum.Atom(symbol) : null;
}

file static class UcumTerms
{
    public static UcumTerm? MultipliedBy(this UcumTerm left, UcumTerm? right) => right is null ? null : left.Times(right, 1);

    public static UcumTerm? DividedBy(this UcumTerm left, UcumTerm? right) => right is null ? null : left.Times(right, -1);
}

/// <summary>The table of units: symbol, whether it takes prefixes, how many of which unit it is.</summary>
internal static class UcumTable
{
    public static readonly ImmutableArray<(string Prefix, decimal Factor)> Prefixes =
    [
        ("da", 1e1m), ("Ki", 1024m), ("Mi", 1048576m), ("Y", 1e24m), ("Z", 1e21m), ("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m),
        ("h", 1e2m), ("d", 1e-1m), ("c", 1e-2m), ("m", 1e-3m), ("u", 1e-6m), ("n", 1e-9m), ("p", 1e-12m), ("f", 1e-15m), ("a", 1e-18m), ("z", 1e-21m), ("y", 1e-24m),
    ];

    // One line a unit: symbol, * when prefixes are allowed, factor, unit of the factor; a base unit has neither.
    private const string Text = """
        m *
        s *
        g *
        rad *
        K *
        C *
        cd *
        mol *
        bit *
        pH
        % 0.01 1
        [ppth] 0.001 1
        [ppm] 0.000001 1
        [ppb] 0.000000001 1
        [pptr] 0.000000000001 1
        [pi] 3.1415926535897932384626433833 1
        sr * 1 rad2
        deg 0.0174532925199432957692369077 rad
        Hz * 1 s-1
        N * 1 kg.m/s2
        Pa * 1 N/m2
        J * 1 N.m
        W * 1 J/s
        A * 1 C/s
        V * 1 J/C
        F * 1 C/V
        Ohm * 1 V/A
        S * 1 Ohm-1
        Wb * 1 V.s
        T * 1 Wb/m2
        H * 1 Wb/A
        lm * 1 cd.sr
        lx * 1 lm/m2
        Bq * 1 s-1
        Ci * 37000000000 Bq
        Gy * 1 J/kg
        RAD * 0.01 Gy
        Sv * 1 J/kg
        REM * 0.01 Sv
        kat * 1 mol/s
        U * 1 umol/min
        eq * 1 mol
        osm * 1 mol
        min 60 s
        h 60 min
        d 24 h
        wk 7 d
        mo 30.4375 d
        mo_j 30.4375 d
        a 365.25 d
        a_j 365.25 d
        a_g 365.2425 d
        L * 1 dm3
        l * 1 dm3
        ar * 100 m2
        t * 1000 kg
        bar * 100000 Pa
        B
        By * 8 bit
        Bd * 1 s-1
        cal * 4.184 J
        [Cal] 1 kcal
        eV * 0.0000000000000000001602176565 J
        dyn * 0.00001 N
        erg * 0.0000001 J
        P * 0.1 Pa.s
        St * 0.0001 m2/s
        m[Hg] * 133322 Pa
        m[H2O] * 9806.65 Pa
        atm 101325 Pa
        [psi] 6894.757293168361 Pa
        [in_i] 2.54 cm
        [in_us] 2.54000508001016 cm
        [ft_i] 12 [in_i]
        [yd_i] 3 [ft_i]
        [mi_i] 5280 [ft_i]
        [nmi_i] 1852 m
        [sin_i] 1 [in_i]2
        [sft_i] 1 [ft_i]2
        [cin_i] 1 [in_i]3
        [gr] 64.79891 mg
        [lb_av] 7000 [gr]
        [oz_av] 437.5 [gr]
        [dr_av] 27.34375 [gr]
        [stone_av] 14 [lb_av]
        [ston_av] 2000 [lb_av]
        [gal_us] 231 [in_i]3
        [qt_us] 57.75 [in_i]3
        [pt_us] 28.875 [in_i]3
        [foz_us] 1.8046875 [in_i]3
        [cup_us] 16 [tbs_us]
        [tbs_us] 0.5 [foz_us]
        [tsp_us] 0.16666666666666666666666666667 [foz_us]
        [cup_m] 240 mL
        [tbs_m] 15 mL
        [tsp_m] 5 mL
        [foz_m] 30 mL
        [drp] 0.05 mL
        [iU] *
        [IU] * 1 [iU]
        [arb'U] *
        [USP'U] *
        [HPF] 1 1
        [LPF] 100 1
        """;

    /// <summary>How many of which unit a symbol is; the unit is null for a base unit.</summary>
    public sealed record Definition(bool IsMetric, decimal Factor, string? Unit);

    public static readonly FrozenDictionary<string, Definition> Definitions = Text.Split('\n').Select(Row).ToFrozenDictionary(r => r.Symbol, r => r.Definition, StringComparer.Ordinal);

    private static (string Symbol, Definition Definition) Row(string line)
    {
        var parts = line.Trim().Split(' ');
        var metric = parts.Length > 1 && parts[1] == "*";
        var rest = parts.AsSpan(metric ? 2 : 1);
        return (parts[0], rest.Length == 0 ? new Definition(metric, 1m, null) : new Definition(metric, decimal.Parse(rest[0], CultureInfo.InvariantCulture), rest[1]));
    }
}
