using System.Globalization;

namespace Personalize.Fhir.Primitives;

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
        var result = Next('/') ? UcumTerm.Of(Ratio.One).DividedBy(Component()) : Component();
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
            return Annotation() ? UcumTerm.Of(Ratio.One) : null;
        var factor = Number();
        if (factor == 0)
            return null;
        if (factor is not null && !(factor == 10 && _at < code.Length && code[_at] is '*' or '^'))
            return Annotation() ? UcumTerm.Of(Ratio.Of(factor.Value)) : null;
        var unit = factor is not null && _at++ > 0 ? UcumTerm.Of(Ratio.Of(10m)) : Simple(Symbol());
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
