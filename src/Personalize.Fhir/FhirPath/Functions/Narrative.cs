using System.Collections.Frozen;
using System.Net;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>The rules for narrative: well-formed XHTML in one div of its namespace with basic formatting only, images with the text that HTML 4 asks for, no scripts, forms or event attributes, and something to read in it. Source: FHIR R4, Narrative, 2.4.0 and invariants txt-1 and txt-2.</summary>
internal ref struct Narrative
{
    private const int LongestReference = 12;

    private static readonly FrozenSet<string> Elements = Words("""
        h1 h2 h3 h4 h5 h6 div p b i u s small big em strong tt code pre samp kbd var dfn cite abbr acronym q blockquote span sub sup bdo address ins del
        a img map area br hr ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td
        """);

    private static readonly FrozenSet<string> Attributes = Words("""
        title style class id lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan cellpadding cellspacing
        border frame rules summary href name charset type hreflang rel rev shape coords src alt longdesc height usemap ismap cite datetime nohref value compact
        start hspace vspace color size bgcolor nowrap xml:lang xml:space xmlns
        """);

    private readonly ReadOnlySpan<char> _text;
    private readonly List<string> _open = [];
    private int _at;
    private bool _hasContent;

    // What the attributes of the last tag said.
    private bool _isXhtml;
    private bool _hasAlternative;

    private Narrative(ReadOnlySpan<char> text) => _text = text;

    private static FrozenSet<string> Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when the text keeps to the rules.</summary>
    public static bool IsAllowed(string text) => new Narrative(text.AsSpan().Trim()).Check();

    private bool Check()
    {
        if (!_text.StartsWith("<div", StringComparison.Ordinal))
            return false;
        while (_at < _text.Length)
        {
            var begins = _text[_at..].IndexOf('<');
            _hasContent |= begins > 0 && !_text.Slice(_at, begins).IsWhiteSpace();
            if (begins < 0 || !AreKnown(_text.Slice(_at, begins)) || !Tag(_at + begins) || (_open.Count == 0 && _at < _text.Length))
                return false;
        }
        return _open.Count == 0 && _hasContent;
    }

    private bool Tag(int at)
    {
        var rest = _text[at..];
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
            return SkipTo(at, "-->");
        if (rest.StartsWith("</", StringComparison.Ordinal))
            return Close(at + 2);
        _at = at + 1;
        var name = Name();
        if (!Elements.Contains(name))
            return false;
        _hasContent |= name == "img";
        (_isXhtml, _hasAlternative) = (false, false);
        while (Space() && _at < _text.Length && _text[_at] is not ('>' or '/'))
        {
            if (!Attribute())
                return false;
        }
        if ((_open.Count == 0 && !_isXhtml) || (name == "img" && !_hasAlternative))
            return false;
        var isEmpty = Take('/');
        if (!Take('>'))
            return false;
        if (!isEmpty)
            _open.Add(name);
        return true;
    }

    private bool SkipTo(int at, string end)
    {
        var length = _text[at..].IndexOf(end, StringComparison.Ordinal);
        _at = at + length + end.Length;
        return length >= 0;
    }

    private bool Close(int at)
    {
        _at = at;
        var name = Name();
        Space();
        if (_open.Count == 0 || _open[^1] != name || !Take('>'))
            return false;
        _open.RemoveAt(_open.Count - 1);
        return true;
    }

    private bool Attribute()
    {
        var name = Name();
        Space();
        if (!Allowed(name) || !Take('='))
            return false;
        Space();
        if (_at >= _text.Length || _text[_at] is not ('"' or '\''))
            return false;
        var quote = _text[_at++];
        var length = _text[_at..].IndexOf(quote);
        if (length < 0 || _text.Slice(_at, length).Contains('<') || !AreKnown(_text.Slice(_at, length)) || !IsSafe(name, _text.Slice(_at, length)))
            return false;
        _isXhtml |= name == "xmlns" && _text.Slice(_at, length) is "http://www.w3.org/1999/xhtml";
        _hasAlternative |= name == "alt";
        _at += length + 1;
        return true;
    }

    /// <summary>True when all references to characters are by a number or by a name that HTML has.</summary>
    private static bool AreKnown(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('&'); at >= 0; at = text.IndexOf('&'))
        {
            text = text[at..];
            var reference = text[..(text[..Math.Min(text.Length, LongestReference)].IndexOf(';') + 1)].ToString();
            if (reference.Length == 0 || WebUtility.HtmlDecode(reference) == reference)
                return false;
            text = text[reference.Length..];
        }
        return true;
    }

    private static bool Allowed(string name) => Attributes.Contains(name) || name.StartsWith("xmlns:", StringComparison.Ordinal);

    private static bool IsSafe(string name, ReadOnlySpan<char> value) =>
        name is not ("href" or "src") || !value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is ':' or '-'))
            _at++;
        return _text[start.._at].ToString();
    }

    private bool Space()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return true;
    }

    private bool Take(char expected)
    {
        var found = _at < _text.Length && _text[_at] == expected;
        if (found)
            _at++;
        return found;
    }
}
