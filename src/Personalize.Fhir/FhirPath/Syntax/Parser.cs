using System.Collections.Immutable;

namespace Personalize.Fhir.FhirPath.Syntax;

/// <summary>Makes a tree out of tokens, by precedence. Source: FHIRPath 2.0, Operator Precedence and the grammar of Appendix A.</summary>
internal sealed class Parser(List<Token> tokens)
{
    // Evaluation nests as the tree does; deeper ones would exhaust the stack of a thread.
    private const int DeepestTree = 400;
    // Parentheses and arguments take a call for each level of precedence while they are parsed.
    private const int NestingWeight = 4;
    private int _at;
    private int _depth;

    // From the loosest to the tightest; signs, indexers and paths bind tighter still.
    private static readonly ImmutableArray<ImmutableArray<string>> Levels =
    [
        ["implies"], ["or", "xor"], ["and"], ["in", "contains"], ["=", "~", "!=", "!~"], ["<", ">", "<=", ">="], ["|"], ["is", "as"], ["+", "-", "&"], ["*", "/", "div", "mod"],
    ];

    public static Node Parse(string text)
    {
        var parser = new Parser(Lexer.Read(text));
        var node = parser.Expression(0);
        return parser.Current.Kind == TokenKind.End ? node : throw Expected("an operator or the end", parser.Current);
    }

    private Token Current => tokens[_at];

    private static SyntaxError Expected(string what, Token found) => new($"Here {what} is expected", found.Position);

    private Token Advance() => tokens[_at++];

    private bool Take(string symbol)
    {
        var found = Current.IsSymbol(symbol);
        if (found)
            _at++;
        return found;
    }

    private void Require(string symbol)
    {
        if (!Take(symbol))
            throw Expected(symbol, Current);
    }

    private Node Expression(int level)
    {
        if (level == Levels.Length)
            return Signed();
        var height = _depth;
        if (level == 0)
            Deeper(NestingWeight);
        var left = Expression(level + 1);
        while (Current.Kind is TokenKind.Symbol or TokenKind.Word && Levels[level].Contains(Current.Text))
        {
            Deeper();
            var op = Advance();
            left = op.Text is "is" or "as"
                ? new TypeNode(op.Text == "is", left, TypeName(), op.Position)
                : new OperatorNode(op.Text, left, Expression(level + 1), op.Position);
        }
        _depth = height;
        return left;
    }

    private void Deeper(int weight = 1)
    {
        _depth += weight;
        if (_depth > DeepestTree)
            throw new SyntaxError($"The expression nests deeper than {DeepestTree}", Current.Position);
    }

    private Node Signed()
    {
        if (!Current.IsSymbol("-") && !Current.IsSymbol("+"))
            return Path();
        Deeper();
        var sign = Advance();
        var node = new SignNode(sign.Text == "-", Signed(), sign.Position);
        _depth--;
        return node;
    }

    private Node Path()
    {
        var height = _depth;
        var node = Term();
        while (true)
        {
            var position = Current.Position;
            if (Take("."))
            {
                node = new PathNode(node, Invocation());
            }
            else if (Take("["))
            {
                node = new IndexerNode(node, Expression(0), position);
                Require("]");
            }
            else
            {
                _depth = height;
                return node;
            }
            Deeper();
        }
    }

    private Node Term()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Text:
                _at++;
                return new LiteralNode(token.Text, token.Position);
            case TokenKind.Number:
                _at++;
                return Literals.Number(token, Current, ref _at);
            case TokenKind.Moment:
                _at++;
                return Literals.Moment(token);
            case TokenKind.Constant:
                _at++;
                return new ConstantNode(token.Text, token.Position);
            case TokenKind.Word when token.Text is "true" or "false":
                _at++;
                return new LiteralNode(token.Text == "true", token.Position);
            case TokenKind.Symbol:
                return Enclosed();
            default:
                return Invocation();
        }
    }

    private Node Enclosed()
    {
        var position = Current.Position;
        if (Take("{"))
        {
            Require("}");
            return new EmptyNode(position);
        }
        if (!Take("("))
            throw Expected("an expression", Current);
        var inner = Expression(0);
        Require(")");
        return inner;
    }

    private Node Invocation()
    {
        var token = Advance();
        if (token.Kind == TokenKind.Variable)
            return token.Text is "this" or "index" or "total" ? new VariableNode(token.Text, token.Position) : throw Expected("$this, $index or $total", token);
        if (token.Kind is not (TokenKind.Word or TokenKind.Quoted))
            throw Expected("a name", token);
        return Take("(") ? new CallNode(token.Text, Arguments(token.Text == "sort"), token.Position) : new MemberNode(token.Text, token.Position);
    }

    private ImmutableArray<Node> Arguments(bool sorted)
    {
        if (Take(")"))
            return [];
        var arguments = ImmutableArray.CreateBuilder<Node>();
        do
            arguments.Add(sorted ? SortKey(Expression(0)) : Expression(0));
        while (Take(","));
        Require(")");
        return arguments.ToImmutable();
    }

    /// <summary>A minus before the whole key turns the order round, also of what has no negative.</summary>
    private SortKeyNode SortKey(Node key)
    {
        var worded = Current.IsWord("asc") || Current.IsWord("desc");
        var descending = worded && Advance().Text == "desc";
        return key is SignNode { IsMinus: true } sign ? new SortKeyNode(sign.Operand, !descending) : new SortKeyNode(key, descending);
    }

    private TypeName TypeName()
    {
        var first = Name();
        return Take(".") ? new TypeName(first.Text, Name().Text, first.Position) : new TypeName(null, first.Text, first.Position);
    }

    private Token Name() => Current.Kind is TokenKind.Word or TokenKind.Quoted ? Advance() : throw Expected("the name of a type", Current);
}
