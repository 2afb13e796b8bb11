using System.Globalization;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>How great a regular expression is when its counted repetitions are written out: <c>(ab){3}c</c> has ten places, a group counting as one.</summary>
internal static class PatternSize
{
    // More than any that is made.
    private const long Greatest = 1 << 20;

    /// <summary>The places of a pattern that is well formed; at least 1.</summary>
    public static long Of(string pattern)
    {
        var groups = new Stack<long>();
        var (sum, last) = (0L, 0L);
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '(')
            {
                groups.Push(sum);
                (sum, last) = (1, 0);
                continue;
            }
            if (pattern[at] == ')' && groups.TryPop(out var before))
                (last, sum) = (sum, before + sum);
            else if (pattern[at] == '{' && Repetitions(pattern.AsSpan(at + 1)) is { } times)
                sum += last * (times - 1);
            else
                (last, sum) = (1, sum + 1);
            sum = Math.Min(sum, Greatest);
            at = Behind(pattern, at);
        }
        return Math.Max(1, sum);
    }

    /// <summary>The last character of what begins there: an escape or a set of characters is one place.</summary>
    private static int Behind(string pattern, int at)
    {
        if (pattern[at] == '\\')
            return at + 1;
        if (pattern[at] is '{' && pattern.IndexOf('}', at) is >= 0 and var brace && Repetitions(pattern.AsSpan(at + 1)) is not null)
            return brace;
        if (pattern[at] != '[')
            return at;
        // A bracket that closes may stand first in a set.
        for (var end = at + 2; end < pattern.Length; end++)
            if (pattern[end] == '\\')
                end++;
            else if (pattern[end] == ']')
                return end;
        return pattern.Length;
    }

    /// <summary>The most repetitions that <c>n}</c>, <c>n,}</c> or <c>n,m}</c> asks for; null when it is none of these.</summary>
    private static long? Repetitions(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('}');
        if (end < 1)
            return null;
        var comma = text[..end].IndexOf(',');
        var most = comma < 0 ? text[..end] : comma == end - 1 ? text[..comma] : text[(comma + 1)..end];
        return long.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Clamp(times, 1, Greatest) : null;
    }
}
