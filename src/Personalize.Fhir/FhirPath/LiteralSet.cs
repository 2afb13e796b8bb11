using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>Literals joined by <c>|</c>, as in <c>status in ('final' | 'amended')</c>: joined once, when the expression is bound.</summary>
internal static class LiteralSet
{
    /// <summary>The values, each once; null when the node is anything else.</summary>
    public static PathValues? Of(Node node) => node switch
    {
        LiteralNode literal => PathValues.Of(literal.Value),
        OperatorNode { Operator: "|" } union when Of(union.Left) is { } left && Of(union.Right) is { } right =>
            PathValues.Of(left.Items.Concat(right.Items).Distinct(new ValueComparer(null))),
        _ => null,
    };

    /// <summary>Pushes the values.</summary>
    public static Step Push(PathValues values) => (frame, _) => frame.Push(values);

    /// <summary><c>item in values</c>.</summary>
    public static Ask Contains(Step item, PathValues values) => (frame, focus) =>
    {
        var start = frame.Top;
        item(frame, focus);
        var one = Singleton.One(frame, frame.From(start));
        frame.Reset(start);
        return one is { } value ? Combining.Contains(values.Array, value) : null;
    };
}
