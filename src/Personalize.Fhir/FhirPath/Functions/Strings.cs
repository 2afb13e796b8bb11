using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.6 String manipulation.</summary>
internal static class Strings
{
    private const int KeptPatterns = 1024;
    private const long LongestText = 10_000_000;

    // Patterns come from outside: one that runs wild is stopped.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static Step Substring(Call call)
    {
        var (from, length) = (call.Argument(0), call.Optional(1));
        return (frame, input) =>
        {
            var start = Function.Integer(frame, from);
            var count = length is null ? null : Function.Integer(frame, length);
            if (Singleton.Text(frame, input) is not { } text || start is not { } at || at < 0 || at >= text.Length)
                return;
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

    public static PathValue? Matches(string text, string pattern) => Guarded(() => PathValue.Of(Pattern(pattern).IsMatch(text)));

    public static PathValue? MatchesFull(string text, string pattern) => Guarded(() => PathValue.Of(Pattern($"^(?:{pattern})$").IsMatch(text)));

    public static PathValue? ReplaceMatches(string text, string pattern, string replacement)
    {
        Bound((text.Length + 1L) * (replacement.Length + 1L));
        return pattern.Length == 0 ? PathValue.Of(text) : Guarded(() => PathValue.Of(Pattern(pattern).Replace(text, replacement)));
    }

    /// <summary>Texts that are put together can grow with each step: beyond this length it is an error.</summary>
    public static void Bound(long length)
    {
        if (length > LongestText)
            throw new PathError("A text grows too long");
    }

    public static string Concatenate(string left, string right)
    {
        Bound((long)left.Length + right.Length);
        return left + right;
    }

    private static Regex Pattern(string pattern)
    {
        if (Patterns.TryGetValue(pattern, out var known))
            return known;
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline, LongestMatch);
        if (Patterns.Count < KeptPatterns)
            Patterns.TryAdd(pattern, regex);
        return regex;
    }

    private static PathValue? Guarded(Func<PathValue?> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new PathError("A regular expression takes too long");
        }
        catch (ArgumentException)
        {
            throw new PathError("A regular expression is not well formed");
        }
    }

    public static void ToChars(Frame frame, Slice input)
    {
        foreach (var rune in (Singleton.Text(frame, input) ?? "").EnumerateRunes())
            frame.Push(rune.ToString());
    }

    public static Step Split(Call call)
    {
        var separator = call.Argument(0);
        return (frame, input) =>
        {
            var by = Function.Text(frame, separator);
            if (Singleton.Text(frame, input) is not { } text || by is null)
                return;
            foreach (var part in text.Split(by))
                frame.Push(part);
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
            Bound(parts.Sum(p => (long)p.Length + between.Length));
            frame.Push(string.Join(between, parts));
        };
    }
}
