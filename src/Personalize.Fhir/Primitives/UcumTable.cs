using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Personalize.Fhir.Primitives;

/// <summary>The table of units: symbol, whether it takes prefixes, how many of which unit it is.</summary>
internal static class UcumTable
{
    public static readonly ImmutableArray<(string Prefix, Ratio Factor)> Prefixes =
    [
        .. new (string Prefix, decimal Factor)[]
        {
            ("da", 1e1m), ("Ki", 1024m), ("Mi", 1048576m), ("Y", 1e24m), ("Z", 1e21m), ("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m),
            ("h", 1e2m), ("d", 1e-1m), ("c", 1e-2m), ("m", 1e-3m), ("u", 1e-6m), ("n", 1e-9m), ("p", 1e-12m), ("f", 1e-15m), ("a", 1e-18m), ("z", 1e-21m), ("y", 1e-24m),
        }.Select(p => (p.Prefix, Ratio.Of(p.Factor))),
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
    public sealed record Definition(bool IsMetric, Ratio Factor, string? Unit);

    public static readonly FrozenDictionary<string, Definition> Definitions = Text.Split('\n').Select(Row).ToFrozenDictionary(r => r.Symbol, r => r.Definition, StringComparer.Ordinal);

    private static (string Symbol, Definition Definition) Row(string line)
    {
        var parts = line.Trim().Split(' ');
        var metric = parts.Length > 1 && parts[1] == "*";
        var rest = parts.AsSpan(metric ? 2 : 1);
        return (parts[0], rest.Length == 0 ? new Definition(metric, Ratio.One, null) : new Definition(metric, Ratio.Of(decimal.Parse(rest[0], CultureInfo.InvariantCulture)), rest[1]));
    }
}
