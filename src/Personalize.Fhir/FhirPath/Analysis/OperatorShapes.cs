using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Analysis;

/// <summary>What operators take and give. Source: FHIRPath 2.0, 6 Operations.</summary>
internal static class OperatorShapes
{
    /// <summary>The result of an operator; throws <see cref="SemanticError"/> when the sides never fit.</summary>
    public static Shape Of(OperatorNode node, Shape left, Shape right)
    {
        switch (node.Operator)
        {
            case "|":
                return left.Or(right);
            case "&":
                Analyzer.Require(left, node.Left.Position, "A string", SystemKind.Text);
                Analyzer.Require(right, node.Right.Position, "A string", SystemKind.Text);
                return Shape.Text;
            case "<" or ">" or "<=" or ">=":
                Fit(node, left, right, HaveOrder);
                return Shape.Boolean;
            case "+" or "-" or "*" or "/" or "div" or "mod":
                Fit(node, left, right, (a, b) => Reckons(node.Operator, a, b));
                return Result(node.Operator, left, right);
            default:
                return Shape.Boolean;
        }
    }

    /// <summary>A number or a Quantity.</summary>
    public static Shape Sign(Shape operand, int position)
    {
        Analyzer.Require(operand, position, "A number or a Quantity", SystemKind.Integer, SystemKind.Decimal, SystemKind.Quantity);
        return operand;
    }

    private static void Fit(OperatorNode node, Shape left, Shape right, Func<SystemKind, SystemKind, bool> fits)
    {
        if (left.IsKnown && right.IsKnown && !left.Types.Any(a => right.Types.Any(b => fits(a.Kind, b.Kind))))
            throw new SemanticError($"The operator {node.Operator} does not join {left} and {right}", node.Position);
    }

    private static bool IsNumber(SystemKind kind) => kind is SystemKind.Integer or SystemKind.Decimal;

    private static bool IsDate(SystemKind kind) => kind is SystemKind.Date or SystemKind.DateTime;

    private static bool HaveOrder(SystemKind left, SystemKind right) => (left, right) switch
    {
        (SystemKind.Text, SystemKind.Text) or (SystemKind.Time, SystemKind.Time) => true,
        _ => (IsDate(left) && IsDate(right)) || (IsAmount(left) && IsAmount(right)),
    };

    private static bool IsAmount(SystemKind kind) => IsNumber(kind) || kind == SystemKind.Quantity;

    private static bool Reckons(string op, SystemKind left, SystemKind right) => op switch
    {
        "div" or "mod" => IsNumber(left) && IsNumber(right),
        "*" or "/" => IsAmount(left) && IsAmount(right),
        _ => (IsNumber(left) && IsNumber(right)) || (op == "+" && left == SystemKind.Text && right == SystemKind.Text)
            || (right == SystemKind.Quantity && (left is SystemKind.Quantity or SystemKind.Time || IsDate(left))),
    };

    private static Shape Result(string op, Shape left, Shape right)
    {
        if (!left.IsKnown || !right.IsKnown)
            return Shape.Any;
        if (!left.CannotBe(SystemKind.Quantity) || !right.CannotBe(SystemKind.Quantity))
            return Shape.Any;
        var areWhole = left.CannotBe(SystemKind.Decimal, SystemKind.Text) && right.CannotBe(SystemKind.Decimal, SystemKind.Text);
        return areWhole ? op == "/" ? Shape.Decimal : Shape.Integer : left.CannotBe(SystemKind.Text) ? Shape.Decimal : Shape.Any;
    }
}
