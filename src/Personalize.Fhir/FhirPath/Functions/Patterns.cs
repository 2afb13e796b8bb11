using System.Text.RegularExpressions;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Regular expressions. They never go back over text, so that none can run wild; look-around and back references are therefore not offered. Source: FHIRPath 2.0, 5.6 matches, replaceMatches; 2.1, matchesFull.</summary>
internal sealed class Patterns
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;
    private const int LongestPattern = 10_000;

    private sealed record Made(string Pattern, Regex Regex);

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
            _last = new Made(literal, Read(literal));
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
            var regex = patterns.Wanted(frame);
            if (Singleton.Text(frame, input) is not { } text || regex is null)
                return;
            frame.Spend(text.Length);
            frame.Push(regex.IsMatch(text));
        };
    }

    /// <summary><c>replaceMatches</c>; an empty pattern replaces nothing.</summary>
    public static Step Replace(Call call)
    {
        var (patterns, replacement) = (new Patterns(call, false), call.Argument(1));
        return (frame, input) =>
        {
            var regex = patterns.Wanted(frame);
            var by = Function.Text(frame, replacement);
            if (Singleton.Text(frame, input) is not { } text || regex is null || by is null)
                return;
            Strings.Bound((text.Length + 1L) * (by.Length + 1L));
            frame.Spend(text.Length);
            var replaced = regex.ToString().Length == 0 ? text : regex.Replace(text, by);
            frame.SpendText(replaced.Length);
            frame.Push(replaced);
        };
    }

    private Regex? Wanted(Frame frame)
    {
        if (Function.Text(frame, _pattern) is not { } pattern)
            return null;
        var last = _last;
        if (last is null || last.Pattern != pattern)
        {
            // Making one costs far more than using it.
            frame.Spend(1_000 + (pattern.Length * 10));
            _last = last = new Made(pattern, Read(pattern));
        }
        return last.Regex;
    }

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
