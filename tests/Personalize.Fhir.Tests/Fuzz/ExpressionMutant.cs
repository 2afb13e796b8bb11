using System.Text.RegularExpressions;

namespace Personalize.Fhir.Tests;

/// <summary>Expressions put together from others, piece by piece, nested deeply, with numbers, texts and patterns that cost much. The same seed gives the same expressions.</summary>
internal sealed partial class ExpressionMutant(IReadOnlyList<string> originals, int seed)
{
    private const int Deep = 20_000;

    private static readonly string[] _pieces =
    [
        "(", ")", "[", "]", "{", "}", "{}", ".", ",", "'", "\"", "`", "%", "@", "$this", "$index", "$total", "-", "+", "*", "/", "div", "mod", "&", "|", "and", "or", "xor", "implies", "is", "as", "in", "contains", "=", "!=", "~", "!~", "<", "<=", ">", ">=", "//", "/*", "*/", "true", "false", "0", "1", "-1", "0.5", "1.0000000000000000000000000001",
        "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "79228162514264337593543950335", "99999999999999999999999999999999999999", new string('9', 400), "0." + new string('1', 400), "1L", "@2020", "@2020-02-30", "@T10:00", "@T25:00", "@2020-01-01T10:00:00.123456789012345+14:00", "@9999-12-31T23:59:59.999Z", "@0001-01-01",
        "1 year", "100000 years", "1 'mg'", "1 '1'", "1 'kg.m2/s3'", "1 'm1000000000'", "5 'mg/(dL.h'", "''", "'\\u0000'", "'\\ud800'", "'\\x'", "'é😀'", $"'{new string('a', 3000)}'", "%resource", "%rootResource", "%context", "%ucum", "%`vs-x`", "%`ext-y`", "%unknown", "`a`", "Patient", "FHIR.Patient", "System.String", "ofType(Quantity)", "as(string)", "is(FHIR.boolean)",
        ".first()", ".last()", ".tail()", ".skip(1)", ".take(2)", ".single()", ".exists()", ".empty()", ".not()", ".count()", ".distinct()", ".isDistinct()", ".children()", ".descendants()", ".where($this = 1)", ".select($this)", ".select(descendants())", ".repeat(children())", ".repeat($this)", ".repeat($this & 'a')", ".repeatAll($this)", ".all(true)", ".any(true)",
        ".aggregate($total + $this, 0)", ".aggregate($total & $this, '')", ".combine(%resource)", ".union(descendants())", ".intersect(descendants())", ".exclude(children())", ".subsetOf(descendants())", ".iif(true, 1, 2)", ".iif($this.exists(), descendants(), {})", ".trace('x')", ".toString()", ".toInteger()", ".toDecimal()", ".toQuantity()", ".toQuantity('mg')", ".toDate()", ".toDateTime()",
        ".toTime()", ".toBoolean()", ".convertsToQuantity()", ".length()", ".upper()", ".lower()", ".toChars()", ".indexOf('a')", ".substring(0)", ".substring(2147483647)", ".substring(-1, -1)", ".startsWith('')", ".contains('a')", ".replace('', 'aaaaaaaaaa')", ".replace('a', 'aaaaaaaaaa')", ".split('')", ".split('a')", ".join('aaaaaaaaaaaaaaaaaaaaaaaa')", ".trim()", ".encode('hex')", ".encode('base64')", ".decode('hex')", ".decode('urlbase64')",
        ".escape('html')", ".unescape('json')", ".abs()", ".ceiling()", ".floor()", ".round(20)", ".round(-1)", ".round(2147483647)", ".sqrt()", ".exp()", ".ln()", ".log(0)", ".log(10)", ".power(1000000)", ".power(-0.5)", ".power(0.001)", ".truncate()", ".now()", ".today()", ".timeOfDay()", ".lowBoundary()", ".highBoundary(31)", ".lowBoundary(-1)", ".precision()", ".sort()", ".sort(-$this)", ".sort($this.id, -count())",
        ".extension('x')", ".hasValue()", ".getValue()", ".resolve()", ".memberOf('http://hl7.org/fhir/ValueSet/languages')", ".conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", ".subsumes($this)", ".htmlChecks()", ".elementDefinition()", ".type()", ".type().name", ".comparable(1 'mg')", ".defineVariable('v', $this)", ".defineVariable('v').select(%v)", ".coalesce({}, 1)", ".sum()", ".min()", ".max()", ".avg()",
    ];

    private static readonly string[] _patterns =
    [
        "(a+)+$", "(a|a)*b", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)(.*)x", "((a{1,30}){1,30}){1,30}", "(a{1000}){1000}", "a{2147483647}", "(x+x+)+y", "(?=a)", "(?<!a)b", "(a)\\\\1", "(?<n>a)\\\\k<n>", "[", "(", "*", "a**", "\\\\", "\\\\p{L}+", "\\\\p{Nonsense}", "(?i)É", "[^\\\\x00-\\\\uffff]", "", "^", "$", ".", "\\\\b", "(?>a+)b",
        "(a|b)*a(a|b){12}c", "(a|b)*a[ab]{900}c", "(.*a){20}", "(\\\\w*\\\\s*)*x", "[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*1", "(?s).*?(?s).*?x", new string('(', 600) + new string(')', 600), new string('(', 9_000), string.Concat(Enumerable.Repeat("a?", 900)) + new string('a', 900), string.Concat(Enumerable.Repeat("(a|b)?", 400)), "(?#", "(?(a)b|c)", "\\\\u{1F600}", "a{0,999}b{0,999}c{0,9}",
    ];

    private static readonly string[] _replacements = ["", "x", "$0", "$0$0$0$0$0$0$0$0", "$_", "$_$_$_$_", "$`", "$'", "$+", "$1", "${n}", "$99999999999", "$", "$$", "\\\\"];

    private static readonly string[] _texts = ["$this", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'", "''", $"'{new string('a', 20_000)}'", $"'{string.Concat(Enumerable.Repeat("ab", 4_000))}!'", "descendants().ofType(string).first()", "('a' | 'b').join('aaaaaaaa')", "'aaaaaaaaaa'.replace('a', 'bbbbbbbbbbbbbbbbbbbb').replace('b', 'aaaaaaaaaaaaaaaaaaaa').replace('a', 'bbbbbbbbbb')"];

    private static readonly (string Open, string Inner, string Close)[] _nests =
    [
        ("(", "1", ")"), ("-", "1", ""), ("not(", "true", ")"), ("select(", "1", ")"), ("{", "}", ""), ("a.where(", "b", ")"), ("iif(true,", "1", ")"), ("1+", "1", ""), ("(1|", "2", ")"), ("$this[", "0", "]"), ("a.", "b", ""), ("'a'&", "'b'", ""), ("true and (", "true", ")"), ("1 in (", "1", ")"), ("exists(", "true", ")"), ("@", "", ""), ("[", "", "]"),
        ("a is ", "b", ""), ("", "1", ".select($this)"), ("", "1", " as Patient"), ("", "1", "[0]"), ("", "true", " implies true"), ("", "a", ".a"), ("repeat(", "children()", ")"), ("defineVariable('v',", "1", ")"),
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next expression.</summary>
    public string Next() => _random.Next(40) switch
    {
        0 => Nested(),
        < 6 => Matched(),
        _ => Spliced(),
    };

    private string Nested()
    {
        var (open, inner, close) = Any(_nests);
        var depth = 1 << _random.Next(15);
        depth = Math.Min(depth + _random.Next(depth), Deep);
        var nested = string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
        return _random.Next(4) == 0 ? nested[..^1] : nested;
    }

    private string Matched() => _random.Next(3) switch
    {
        0 => $"{Any(_texts)}.replaceMatches('{Any(_patterns)}', '{Any(_replacements)}')",
        1 => $"{Any(_texts)}.matchesFull('{Any(_patterns)}')",
        // Made as it goes along, so that it is not seen before it is evaluated.
        _ => $"{Any(_texts)}.matches('{Any(_patterns)}' & {Any(_texts)}.substring(0, {_random.Next(3)}))",
    };

    private string Spliced()
    {
        var tokens = Tokens(Any(originals));
        for (var left = 1 + _random.Next(5); left > 0; left--)
            Change(tokens);
        return string.Concat(tokens);
    }

    private void Change(List<string> tokens)
    {
        var at = _random.Next(tokens.Count + 1);
        var length = Math.Min(_random.Next(1, 6), tokens.Count - at);
        switch (_random.Next(6))
        {
            case 0:
                tokens.RemoveRange(at, length);
                break;
            case 1:
                tokens.InsertRange(at, tokens.GetRange(at, length));
                break;
            case 2:
                var other = Tokens(Any(originals));
                var from = _random.Next(other.Count);
                tokens.InsertRange(at, other.GetRange(from, Math.Min(_random.Next(1, 12), other.Count - from)));
                break;
            case 3 when length > 0:
                tokens[at] = Any(_pieces);
                break;
            default:
                tokens.Insert(at, Any(_pieces));
                break;
        }
    }

    private static List<string> Tokens(string expression) => [.. Token().Matches(expression).Select(m => m.Value)];

    [GeneratedRegex(@"'(?:\\.|[^'\\])*'|`[^`]*`|[\w$%@.]*\w\(?\)?|\s+|[<>=!~]+|.", RegexOptions.Singleline)]
    private static partial Regex Token();

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
