using System.Globalization;
using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.5 Conversion. What cannot be converted is empty.</summary>
internal static class Conversion
{
    /// <summary>Only the branch that is chosen is evaluated. An item before it becomes <c>$this</c> of all three.</summary>
    public static Step Iif(Call call)
    {
        var (criterion, then, otherwise) = (call.Argument(0), call.Argument(1), call.Optional(2));
        return (frame, input) =>
        {
            if (input.Count > 1)
                throw new PathError("iif takes one item");
            var outer = frame.This;
            frame.This = input.IsEmpty ? outer : input;
            var branch = Holds(frame, criterion) ? then : otherwise;
            branch?.Invoke(frame, frame.This);
            frame.This = outer;
        };
    }

    private static bool Holds(Frame frame, Step criterion) => Function.One(frame, criterion) is { } one && Singleton.StrictBoolean(one) == true;

    public static PathValue? ToBoolean(in PathValue one) => one.Value switch
    {
        bool truth => PathValue.Of(truth),
        int or long or decimal => Numbers.ToDecimal(one.Value) switch { 1 => PathValue.Of(true), 0 => PathValue.Of(false), _ => null },
        string text => text.ToLowerInvariant() switch
        {
            "true" or "t" or "yes" or "y" or "1" or "1.0" => PathValue.Of(true),
            "false" or "f" or "no" or "n" or "0" or "0.0" => PathValue.Of(false),
            _ => null,
        },
        _ => null,
    };

    public static PathValue? ToInteger(in PathValue one) => one.Value switch
    {
        int whole => PathValue.Of(whole),
        long big => big is >= int.MinValue and <= int.MaxValue ? PathValue.Of((int)big) : null,
        bool truth => PathValue.Of(truth ? 1 : 0),
        string text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? PathValue.Of(read) : null,
        _ => null,
    };

    public static PathValue? ToLong(in PathValue one) => one.Value switch
    {
        int whole => PathValue.Of((object)(long)whole),
        long big => PathValue.Of((object)big),
        bool truth => PathValue.Of((object)(truth ? 1L : 0L)),
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? PathValue.Of((object)read) : null,
        _ => null,
    };

    public static PathValue? ToDecimal(in PathValue one) => one.Value switch
    {
        int or long or decimal => PathValue.Of((object)Numbers.ToDecimal(one.Value)),
        bool truth => PathValue.Of((object)(truth ? 1m : 0m)),
        string text => Numbers.Read(text) is { } read ? PathValue.Of((object)read) : null,
        _ => null,
    };

    /// <summary>A primitive element as it is written.</summary>
    public static PathValue? ToText(in PathValue one) => one.IsElement && one.Raw.Text is { } text ? PathValue.Of(text) : one.Value switch
    {
        null => null,
        Quantity quantity => PathValue.Of(quantity.ToString()),
        _ => PathValue.Of(one.ToString()),
    };

    public static PathValue? ToDate(in PathValue one) => one.Value switch
    {
        FhirDate date => PathValue.Of(date),
        FhirDateTime moment => PathValue.Of(moment.ToDate()),
        string text => FhirDate.TryParse(text, out var read) ? PathValue.Of(read) : FhirDateTime.TryParse(text, out var moment) ? PathValue.Of(moment.ToDate()) : null,
        _ => null,
    };

    public static PathValue? ToDateTime(in PathValue one) => one.Value switch
    {
        FhirDateTime moment => PathValue.Of(moment),
        FhirDate date => PathValue.Of(date.ToDateTime()),
        string text => FhirDateTime.TryParse(text, out var read) ? PathValue.Of(read) : null,
        _ => null,
    };

    public static PathValue? ToTime(in PathValue one) => one.Value switch
    {
        FhirTime time => PathValue.Of(time),
        string text => FhirTime.TryParse(text, out var read) ? PathValue.Of(read) : null,
        _ => null,
    };

    /// <summary>With an argument, the Quantity in that unit.</summary>
    public static Step ToQuantity(Call call, bool asksOnly)
    {
        var wanted = call.Optional(0);
        return (frame, input) =>
        {
            var unit = wanted is null ? null : Function.Text(frame, wanted);
            if (Singleton.One(frame, input) is not { } one)
                return;
            var quantity = unit is null ? ToQuantity(one) : ToQuantity(one)?.In(unit);
            if (asksOnly)
                frame.Push(quantity is not null);
            else if (quantity is not null)
                frame.Push(PathValue.Of(quantity));
        };
    }

    private static Quantity? ToQuantity(in PathValue one) => one.Value switch
    {
        Quantity quantity => quantity,
        int or long or decimal => Numbers.ToQuantity(one.Value),
        bool truth => new Quantity(truth ? 1m : 0m, Quantity.NoUnit),
        string text => ReadQuantity(text.AsSpan().Trim()),
        _ => null,
    };

    /// <summary><c>4 days</c>, <c>5.4 'mg/dL'</c> or a number alone.</summary>
    private static Quantity? ReadQuantity(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '+' or '-' or '.'))
            end++;
        if (Numbers.Read(text[..end].ToString()) is not { } value)
            return null;
        var unit = text[end..].Trim();
        if (unit.IsEmpty)
            return new Quantity(value, Quantity.NoUnit);
        if (unit.Length > 2 && unit[0] == '\'' && unit[^1] == '\'')
            return new Quantity(value, unit[1..^1].ToString());
        return CalendarUnits.OfWord(unit.ToString()) is null ? null : new Quantity(value, unit.ToString());
    }
}
