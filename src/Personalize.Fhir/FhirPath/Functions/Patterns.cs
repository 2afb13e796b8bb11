using System.Text.RegularExpressions;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Regular expressions. They never go back over text, so that none can run wild; look-around and back references are therefore not offered. Source: FHIRPath 2.0, 5.6 matches, replaceMatches; 2.1, matchesFull.</summary>
internal sealed class Patterns
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;
    private const int LongestPattern = 10_000;
    private const int PlacesOfStep = 16;

    /// <param name="Pattern">As it is written.</param>
    /// <param name="Regex">What it was made to.</param>
    /// <param name="Places">How many places it has with its repetitions written out: at worst each character is looked at from each of them, and each leads to many others.</param>
    private sealed record Made(string Pattern, Regex Regex, long Places)
    {
        public void Spend(Frame frame, string text) => frame.Spend((int)Math.Min((text.Length + 1) * Places * (1 + (Places / PlacesOfStep)), int.MaxValue / 2));
    }

    private readonly Step _pattern;
    private readonly bool _isWhole;

    // A pattern is nearly always a literal. Threads may overwrite each other's: each one is right for its own text.
    private Made? _last;

    private Patterns(Call call, bool isWhole)
    {
        (_pattern, _isWhole) = (call.Argument(0), isWhole);
        if (call.Node(0) is not LiteralNode { Value: string literal } node)
            return;
        try
        {
            _last = Make(literal);
        }
        catch (PathError error)
        {
            throw new SemanticError(error.Message, node.Position);
        }
    }

    /// <summary><c>matches</c>, or <c>matchesFull</c> when the whole text must match.</summary>
    public static Step Matches(Call call, bool isWhole)
    {
        var patterns = new Patterns(call, isWhole);
        return (frame, input) =>
        {
            var made = patterns.Wanted(frame);
            if (Singleton.Text(frame, input) is not { } text || made is null)
                return;
            made.Spend(frame, text);
            frame.Push(made.Regex.IsMatch(text));
        };
    }

    /// <summary><c>replaceMatches</c>; an empty pattern replaces nothing.</summary>
    public static Step Replace(Call call)
    {
        var (patterns, replacement) = (new Patterns(call, false), call.Argument(1));
        return (frame, input) =>
        {
            var made = patterns.Wanted(frame);
            var by = Function.Text(frame, replacement);
            if (Singleton.Text(frame, input) is not { } text || made is null || by is null)
                return;
            // Each match may be replaced by the whole text around it ($_, $` and $').
            Strings.Bound((text.Length + 1L) * (by.Length + 1L) * (by.AsSpan().ContainsAny("_`'") && by.Contains('$', StringComparison.Ordinal) ? text.Length + 1L : 1L));
            made.Spend(frame, text);
            var replaced = made.Pattern.Length == 0 ? text : Replaced(made.Regex, text, by);
            frame.SpendText(replaced.Length);
            frame.Push(replaced);
        };
    }

    private static string Replaced(Regex regex, string text, string by)
    {
        try
        {
            return regex.Replace(text, by);
        }
        catch (ArgumentException)
        {
            // A group's number that no integer holds.
            throw new PathError("A replacement is not well formed");
        }
    }

    private Made? Wanted(Frame frame)
    {
        if (Function.Text(frame, _pattern) is not { } pattern)
            return null;
        var last = _last;
        if (last is null || last.Pattern != pattern)
        {
            // Making one costs far more than using it.
            frame.Spend(1_000 + (pattern.Length * 10));
            _last = last = Make(pattern);
        }
        return last;
    }

    private Made Make(string pattern) => new(pattern, Read(pattern), PatternSize.Of(pattern));

    private Regex Read(string pattern)
    {
        if (pattern.Length > LongestPattern)
            throw new PathError("A regular expression is too long") { IsTooCostly = true };
        try
        {
            return new Regex(_isWhole ? $"\\A(?:{pattern})\\z" : pattern, Options);
        }
        catch (ArgumentException)
        {
            throw new PathError("A regular expression is not well formed");
        }
        catch (NotSupportedException)
        {
            throw new PathError("A regular expression is too great, or looks around or back, which is not offered");
        }
    }
}
