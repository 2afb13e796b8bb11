using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Syntax;

/// <summary>Numbers, quantities, dates and times as they are written in an expression.</summary>
internal static class Literals
{
    /// <summary>A number, or a quantity when a unit follows; <paramref name="at"/> then moves behind the unit.</summary>
    public static LiteralNode Number(Token token, Token next, ref int at)
    {
        var isUnit = next.Kind == TokenKind.Text || (next.Kind == TokenKind.Word && CalendarUnits.OfWord(next.Text) is not null);
        if (!isUnit)
            return new LiteralNode(Plain(token), token.Position);
        at++;
        return decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new LiteralNode(new Quantity(value, next.Text), token.Position)
            : throw TooGreat(token);
    }

    private static object Plain(Token token)
    {
        var text = token.Text;
        if (text.EndsWith('L'))
            return long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var big) ? big : throw TooGreat(token);
        if (!text.Contains('.', StringComparison.Ordinal) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : throw TooGreat(token);
    }

    private static SyntaxError TooGreat(Token token) => new("This number is too great", token.Position);

    /// <summary>A date, a dateTime (with a T) or a time (T first).</summary>
    public static LiteralNode Moment(Token token)
    {
        object? value = null;
        if (token.Text.StartsWith('T'))
            value = FhirTime.TryParse(token.Text.AsSpan(1), out var time) ? time : null;
        else if (token.Text.Contains('T', StringComparison.Ordinal))
            value = FhirDateTime.TryParse(token.Text, out var moment) ? moment : null;
        else
            value = FhirDate.TryParse(token.Text, out var date) ? date : null;
        return value is null ? throw new SyntaxError("This is no date or time", token.Position) : new LiteralNode(value, token.Position);
    }
}
