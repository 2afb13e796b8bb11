using System.Globalization;
using System.Text;

namespace Personalize.Fhir.FhirPath.Syntax;

/// <summary>Cuts an expression into tokens. Source: FHIRPath 2.0, Lexical Elements.</summary>
internal sealed class Lexer(string text)
{
    private int _at;

    public static List<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private Token Next()
    {
        SkipSpace();
        var start = _at;
        return Peek() switch
        {
            '\0' when _at == text.Length => new Token(TokenKind.End, "", start),
            '\'' => new Token(TokenKind.Text, Delimited('\''), start),
            '`' => new Token(TokenKind.Quoted, Delimited('`'), start),
            '"' => new Token(TokenKind.Quoted, Delimited('"'), start),
            '@' => new Token(TokenKind.Moment, Moment(), start),
            '$' => new Token(TokenKind.Variable, WordAfter(1), start),
            '%' => new Token(TokenKind.Constant, ConstantName(), start),
            var c when char.IsAsciiDigit(c) => new Token(TokenKind.Number, Number(), start),
            var c when IsWordStart(c) => new Token(TokenKind.Word, WordAfter(0), start),
            _ => new Token(TokenKind.Symbol, Symbol(), start),
        };
    }

    private void SkipSpace()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(Peek()))
                _at++;
            else if (Peek() == '/' && Peek(1) == '/')
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
            else if (Peek() == '/' && Peek(1) == '*')
                SkipComment();
            else
                return;
        }
    }

    private void SkipComment()
    {
        var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw new SyntaxError("A comment is not closed", _at);
        _at = end + 2;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private string WordAfter(int prefix)
    {
        var start = _at + prefix;
        _at = start;
        if (IsWordStart(Peek()))
        {
            while (IsWordStart(Peek()) || char.IsAsciiDigit(Peek()))
                _at++;
        }
        return _at > start ? text[start.._at] : throw new SyntaxError("A name is expected", start);
    }

    private string ConstantName()
    {
        if (Peek(1) is not ('`' or '\'' or '"'))
            return WordAfter(1);
        _at++;
        return Delimited(Peek());
    }

    private string Number()
    {
        var start = _at;
        Digits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            Digits();
        }
        else if (Peek() == 'L' && !IsWordStart(Peek(1)))
        {
            _at++;
        }
        return text[start.._at];
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(Peek()))
            _at++;
    }

    /// <summary>A date, dateTime or time: what may stand in one is taken; whether it is one is seen when it is read.</summary>
    private string Moment()
    {
        var start = ++_at;
        var timed = false;
        for (; ; _at++)
        {
            var c = Peek();
            timed |= c == 'T';
            var belongs = char.IsAsciiDigit(c) || c is 'T'
                || (c == '-' && char.IsAsciiDigit(Peek(1)) && (!timed || OffsetFollows()))
                || (timed && (c is ':' or 'Z' || (c == '+' && OffsetFollows()) || (c == '.' && char.IsAsciiDigit(Peek(1)))));
            if (!belongs)
                return text[start.._at];
        }
    }

    private bool OffsetFollows() => char.IsAsciiDigit(Peek(1)) && char.IsAsciiDigit(Peek(2)) && Peek(3) == ':';

    private string Symbol()
    {
        var two = _at + 1 < text.Length ? text.Substring(_at, 2) : "";
        var symbol = two is "<=" or ">=" or "!=" or "!~" ? two : text[_at].ToString();
        if (symbol.Length == 1 && !"()[]{}.,+-*/&|<>=~".Contains(symbol[0], StringComparison.Ordinal))
            throw new SyntaxError("This character is not known", _at);
        _at += symbol.Length;
        return symbol;
    }

    private string Delimited(char quote)
    {
        var start = _at++;
        var result = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == quote)
            {
                _at++;
                return result.ToString();
            }
            result.Append(c == '\\' ? Escaped() : c);
        }
        throw new SyntaxError("A quote is not closed", start);
    }

    private char Escaped()
    {
        _at++;
        switch (Peek())
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'u': return Unicode();
            case '\'' or '"' or '`' or '\\' or '/': return Peek();
            default: throw new SyntaxError("This escape is not known", _at - 1);
        }
    }

    private char Unicode()
    {
        if (_at + 4 >= text.Length || !ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw new SyntaxError("Four hexadecimal digits are expected", _at);
        _at += 4;
        return (char)code;
    }
}
