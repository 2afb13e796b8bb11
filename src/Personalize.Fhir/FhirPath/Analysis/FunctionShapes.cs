using System.Collections.Frozen;
using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath.Analysis;

/// <summary>What a called function takes and gives. Its name and the number of its arguments are known to be right.</summary>
/// <param name="analyzer">For the arguments.</param>
/// <param name="call">The call.</param>
/// <param name="input">What it is called on.</param>
/// <param name="focus"><c>$this</c>, which arguments see unless the function goes through its input.</param>
internal sealed class FunctionShapes(Analyzer analyzer, CallNode call, Shape input, Shape focus)
{
    private static readonly FrozenSet<string> OnText = ["startsWith", "endsWith", "contains", "indexOf", "lastIndexOf", "substring", "upper", "lower", "replace", "matches", "matchesFull", "replaceMatches", "length", "toChars", "trim", "split", "join", "encode", "decode", "escape", "unescape"];
    private static readonly FrozenSet<string> OnNumbers = ["ceiling", "exp", "floor", "ln", "log", "power", "round", "sqrt", "truncate"];
    private static readonly FrozenSet<string> WithTexts = ["startsWith", "endsWith", "contains", "indexOf", "lastIndexOf", "replace", "matches", "matchesFull", "replaceMatches", "split", "join", "encode", "decode", "escape", "unescape", "extension", "memberOf", "conformsTo"];
    private static readonly FrozenSet<string> WithIntegers = ["substring", "skip", "take", "round", "lowBoundary", "highBoundary"];
    private static readonly FrozenSet<string> InOrder = ["first", "last", "tail", "skip", "take"];
    private static readonly FrozenSet<string> GoThrough = ["where", "select", "all", "exists", "repeat", "aggregate", "sort", "trace", "defineVariable"];
    private static readonly FrozenSet<string> GiveSame = ["where", "distinct", "first", "last", "tail", "skip", "take", "single", "trace", "defineVariable", "sort", "exclude", "intersect"];
    private static readonly FrozenSet<string> GiveBooleans = ["empty", "exists", "all", "not", "allTrue", "anyTrue", "allFalse", "anyFalse", "subsetOf", "supersetOf", "isDistinct", "startsWith", "endsWith", "contains", "matches", "matchesFull", "hasValue", "memberOf", "conformsTo", "htmlChecks", "comparable", "is", "toBoolean"];
    private static readonly FrozenSet<string> GiveIntegers = ["count", "length", "indexOf", "lastIndexOf", "toInteger", "precision", "ceiling", "floor", "truncate", "yearOf", "monthOf", "dayOf", "hourOf", "minuteOf", "secondOf"];
    private static readonly FrozenSet<string> GiveTexts = ["substring", "upper", "lower", "replace", "replaceMatches", "toChars", "trim", "split", "join", "encode", "decode", "escape", "unescape", "toString"];

    /// <summary>What the call gives; throws <see cref="SemanticError"/> when it cannot give anything.</summary>
    public Shape Result()
    {
        CheckInput();
        if (call.Name is "ofType" or "as" or "is")
            return call.Name == "is" ? Shape.Boolean : Narrowed();
        var scope = GoThrough.Contains(call.Name) || (call.Name == "iif" && input.Types.Length > 0) ? input with { IsOrdered = true } : focus;
        var arguments = call.Arguments.Select(a => Argument(a, scope)).ToList();
        CheckArguments(arguments);
        return Given(arguments);
    }

    // What is pushed round after round is not known beforehand.
    private Shape Argument(Node node, Shape scope) => call.Name is "repeat" ? RepeatArgument(node, scope) : analyzer.Begin(node, scope);

    private Shape RepeatArgument(Node node, Shape scope)
    {
        analyzer.Begin(node, scope);
        return Shape.Any;
    }

    private void CheckInput()
    {
        if (OnText.Contains(call.Name))
            Analyzer.Require(input, call.Position, $"For {call.Name} a string", SystemKind.Text);
        if (OnNumbers.Contains(call.Name))
            Analyzer.Require(input, call.Position, $"For {call.Name} a number", SystemKind.Integer, SystemKind.Decimal);
        if (InOrder.Contains(call.Name))
            Analyzer.RequireOrder(input, call.Position);
    }

    private void CheckArguments(List<Shape> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (WithTexts.Contains(call.Name))
                Analyzer.Require(arguments[i], call.Arguments[i].Position, "A string", SystemKind.Text);
            if (WithIntegers.Contains(call.Name))
                Analyzer.Require(arguments[i], call.Arguments[i].Position, "An Integer", SystemKind.Integer);
        }
        if (call.Name == "iif")
            Analyzer.Require(arguments[0], call.Arguments[0].Position, "A Boolean", SystemKind.Boolean);
    }

    private Shape Narrowed() => call.Arguments[0] switch
    {
        MemberNode member => Analyzer.Narrowed(null, member.Name, input),
        PathNode { Source: MemberNode space, Step: MemberNode member } => Analyzer.Narrowed(space.Name, member.Name, input),
        _ => Shape.Any,
    };

    private Shape Given(List<Shape> arguments) => call.Name switch
    {
        "select" => arguments[0] with { IsOrdered = arguments[0].IsOrdered && input.IsOrdered },
        "iif" => arguments.Count == 3 ? arguments[1].Or(arguments[2]) : arguments[1],
        "union" or "combine" => input.Or(arguments[0]),
        "children" or "descendants" => Shape.Any with { IsOrdered = false },
        "extension" => Shape.Of([FhirSchema.R4.Type("Extension")!]),
        _ when call.Name.StartsWith("convertsTo", StringComparison.Ordinal) || GiveBooleans.Contains(call.Name) => Shape.Boolean,
        _ when GiveIntegers.Contains(call.Name) => Shape.Integer,
        _ when GiveTexts.Contains(call.Name) => Shape.Text,
        _ => GiveSame.Contains(call.Name) ? input with { IsOrdered = call.Name == "sort" || input.IsOrdered } : Shape.Any,
    };
}
