using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.7 Math. What is no number, or does not fit, is empty.</summary>
internal static class Mathematics
{
    private const int MostDecimals = 28;
    private const int GreatestExactExponent = 64;

    public static PathValue? Abs(PathValue one) => one.Value switch
    {
        int whole => whole == int.MinValue ? null : PathValue.Of(Math.Abs(whole)),
        long big => big == long.MinValue ? null : PathValue.Of((object)Math.Abs(big)),
        decimal number => PathValue.Of((object)Math.Abs(number)),
        Quantity quantity => PathValue.Of(quantity with { Value = Math.Abs(quantity.Value) }),
        _ => Singleton.Number(one) is null ? null : throw new PathError("A number is expected"),
    };

    public static PathValue? Whole(decimal value) => value is >= int.MinValue and <= int.MaxValue ? PathValue.Of((int)value) : null;

    public static PathValue? Real(double value) => Numbers.OfDouble(value) is { } number ? PathValue.Of((object)number) : null;

    public static Step Log(Call call) => WithNumber(call, (value, radix) => Real(Math.Log((double)Singleton.Number(value)!.Value, (double)radix)));

    public static Step Round(Call call)
    {
        var decimals = call.Optional(0);
        return (frame, input) =>
        {
            var digits = decimals is null ? 0 : Function.Integer(frame, decimals);
            if (Singleton.One(frame, input) is not { } one || Singleton.Number(one) is not { } number || digits is null)
                return;
            if (digits < 0)
                throw new PathError("A number of decimals is not below zero");
            frame.Push(PathValue.Of((object)Math.Round(number, Math.Min(digits.Value, MostDecimals), MidpointRounding.AwayFromZero)));
        };
    }

    public static Step Power(Call call) => WithNumber(call, (value, exponent) =>
    {
        var number = Singleton.Number(value)!.Value;
        if (exponent != decimal.Truncate(exponent) || exponent < 0 || exponent > GreatestExactExponent)
            return Real(Math.Pow((double)number, (double)exponent));
        return Exact(number, (int)exponent) is not { } power ? null : value.Value is int ? Whole(power) : PathValue.Of((object)power);
    });

    private static decimal? Exact(decimal number, int exponent)
    {
        try
        {
            var power = 1m;
            for (var i = 0; i < exponent; i++)
                power *= number;
            return power;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Step WithNumber(Call call, Func<PathValue, decimal, PathValue?> body)
    {
        var argument = call.Argument(0);
        return (frame, input) =>
        {
            var other = Function.One(frame, argument) is { } operand ? Singleton.Number(operand) : null;
            if (Singleton.One(frame, input) is { } one && Singleton.Number(one) is not null && other is { } number)
                Function.Push(frame, body(one, number));
        };
    }

    /// <summary>Whether two quantities are of one dimension.</summary>
    public static void Comparable(Frame frame, Slice input, Slice other)
    {
        if (Singleton.One(frame, input)?.Value is Quantity left && Singleton.One(frame, other)?.Value is Quantity right)
            frame.Push(left.IsComparable(right));
    }
}
