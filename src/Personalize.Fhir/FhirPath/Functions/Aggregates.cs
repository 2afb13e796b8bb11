using Personalize.Fhir.FhirPath.Operators;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 7 Aggregates; 2.1, sum, min, max, avg.</summary>
internal static class Aggregates
{
    /// <summary><c>$total</c> is what the last round gave; it begins as the second argument.</summary>
    public static Step Aggregate(Call call)
    {
        var (aggregator, initial) = (call.Argument(0), call.Optional(1));
        return (frame, input) =>
        {
            var start = frame.Top;
            var outer = frame.Total;
            if (initial is not null)
                frame.Argument(initial);
            for (var i = 0; i < input.Count; i++)
            {
                frame.Total = frame.From(start);
                frame.Project(aggregator, input.At(i), i);
                frame.Collapse(start, frame.Total.End);
            }
            frame.Total = outer;
        };
    }

    public static void Sum(Frame frame, Slice input) => Function.Push(frame, Total(frame, input));

    private static PathValue? Total(Frame frame, Slice input)
    {
        var start = frame.Top;
        for (var i = 0; i < input.Count; i++)
        {
            var soFar = frame.From(start);
            frame.Push(frame[input.Start + i]);
            if (soFar.IsEmpty)
                continue;
            Arithmetic.Apply(frame, soFar, frame.From(soFar.End), start, Arithmetic.Add);
            // A number too great, or a quantity in a unit that does not fit: the sum is not known.
            if (frame.Top == start)
                return null;
        }
        PathValue? total = input.IsEmpty ? null : frame[start];
        frame.Reset(start);
        return total;
    }

    public static void Average(Frame frame, Slice input)
    {
        if (Total(frame, input) is { Value: { } total } && Arithmetic.Divide(total, input.Count) is { } mean)
            frame.Push(PathValue.Of(mean));
    }

    /// <summary>The least (-1) or the greatest (1); empty when the order is not known.</summary>
    public static void Outermost(Frame frame, Slice input, int side)
    {
        if (input.IsEmpty)
            return;
        var best = frame[input.Start];
        for (var i = input.Start + 1; i < input.End; i++)
        {
            frame.SpendOn(best);
            if (Order.Compare(frame[i], best) is not { } order)
                return;
            best = Math.Sign(order) == side ? frame[i] : best;
        }
        frame.Push(best);
    }
}
