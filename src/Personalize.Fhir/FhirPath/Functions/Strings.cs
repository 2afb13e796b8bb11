using System.Text;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.6 String manipulation.</summary>
internal static class Strings
{
    private const long LongestText = 10_000_000;

    public static Step Substring(Call call)
    {
        var (from, length) = (call.Argument(0), call.Optional(1));
        return (frame, input) =>
        {
            var start = Function.Integer(frame, from);
            var count = length is null ? null : Function.Integer(frame, length);
            if (Singleton.Text(frame, input) is not { } text || start is not { } at || at < 0 || at >= text.Length)
                return;
            frame.SpendText(text.Length);
            frame.Push(text.Substring(at, Math.Clamp(count ?? text.Length, 0, text.Length - at)));
        };
    }

    /// <summary>An empty pattern stands before and behind each character.</summary>
    public static PathValue? Replace(string text, string pattern, string replacement)
    {
        Bound(text.Length + ((text.Length / Math.Max(1, pattern.Length)) + 1L) * replacement.Length);
        if (pattern.Length > 0)
            return PathValue.Of(text.Replace(pattern, replacement, StringComparison.Ordinal));
        return PathValue.Of(replacement + string.Concat(text.Select(c => c + replacement)));
    }

    /// <summary>Most often the other text is a literal and the input lies in the resource as it is: then bytes are compared and no text is made.</summary>
    public static Ask StartsWith(Call call)
    {
        var argument = call.Argument(0);
        var literal = call.Node(0) is LiteralNode { Value: string known } ? Encoding.UTF8.GetBytes(known) : null;
        return (frame, input) =>
        {
            if (literal is not null && input.Count == 1 && frame[input.Start] is { IsElement: true } one && SystemValues.KindOf(one.Raw.Type) == SystemKind.Text && one.Raw.PlainText is { IsEmpty: false } plain)
                return plain.StartsWith(literal);
            var other = Function.Text(frame, argument);
            if (Singleton.Text(frame, input) is not { } text || other is null)
                return null;
            frame.SpendText(text.Length);
            return text.StartsWith(other, StringComparison.Ordinal);
        };
    }

    /// <summary>Texts that are put together can grow with each step: beyond this length it is an error.</summary>
    public static void Bound(long length)
    {
        if (length > LongestText)
            throw new PathError("A text grows too long") { IsTooCostly = true };
    }

    public static string Concatenate(string left, string right)
    {
        Bound((long)left.Length + right.Length);
        return left + right;
    }

    public static void ToChars(Frame frame, Slice input)
    {
        foreach (var rune in (Singleton.Text(frame, input) ?? "").EnumerateRunes())
        {
            frame.Spend();
            frame.Push(rune.ToString());
        }
    }

    public static Step Split(Call call)
    {
        var separator = call.Argument(0);
        return (frame, input) =>
        {
            var by = Function.Text(frame, separator);
            if (Singleton.Text(frame, input) is not { } text || by is null)
                return;
            frame.SpendText(text.Length);
            foreach (var part in text.Split(by))
            {
                frame.Spend();
                frame.Push(part);
            }
        };
    }

    public static Step Join(Call call)
    {
        var separator = call.Optional(0);
        return (frame, input) =>
        {
            if (input.IsEmpty)
                return;
            var between = separator is null ? "" : Function.Text(frame, separator) ?? "";
            var parts = new List<string>(input.Count);
            for (var i = input.Start; i < input.End; i++)
            {
                if (Singleton.Text(frame[i]) is { } part)
                    parts.Add(part);
            }
            var length = parts.Sum(p => (long)p.Length + between.Length);
            Bound(length);
            frame.SpendText(length);
            frame.Push(string.Join(between, parts));
        };
    }
}
