namespace Personalize.Fhir.Search;

/// <summary>One step down.</summary>
internal sealed record WalkStep(string Name, IReadOnlyList<WalkFilter> Filters);

/// <summary>Reads the paths that most search parameters have, so that one walk over a resource finds the values of all of them.</summary>
internal static class WalkPath
{
    /// <summary>The steps below the resource for one alternative of an expression; null when it says more than steps and filters.</summary>
    public static IReadOnlyList<WalkStep>? Of(string resourceType, string expression)
    {
        var text = expression.Trim();
        if (text.StartsWith('(') && Closing(text) is var close && close > 0)
        {
            var inner = Of(resourceType, text[1..close]);
            var rest = text[(close + 1)..];
            return inner is null || (rest != "" && rest[0] != '.') ? null : rest == "" ? inner : Follow([.. inner], Segments(rest[1..]));
        }
        var cast = text.LastIndexOf(" as ", StringComparison.Ordinal);
        if (cast >= 0)
            return Of(resourceType, text[..cast]) is { } path ? Filtered([.. path], new OfType(text[(cast + 4)..].Trim())) : null;
        var segments = Segments(text);
        return segments[0] == resourceType || segments[0] is "Resource" or "DomainResource" ? Follow([], segments[1..]) : null;
    }

    private static List<WalkStep>? Follow(List<WalkStep>? steps, IEnumerable<string> segments)
    {
        foreach (var segment in segments)
            steps = steps is null ? null : Follow(steps, segment);
        return steps;
    }

    private static List<WalkStep>? Follow(List<WalkStep> steps, string segment)
    {
        if (segment.Length > 0 && segment.All(char.IsAsciiLetterOrDigit))
            return [.. steps, new(segment, [])];
        var open = segment.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !segment.EndsWith(')'))
            return null;
        var (name, argument) = (segment[..open], segment[(open + 1)..^1].Trim());
        return name switch
        {
            "as" or "ofType" => Filtered(steps, new OfType(argument)),
            "extension" when Literal(argument) is { } url => [.. steps, new("extension", [new WithText("url", url)])],
            "where" => Where(steps, argument),
            _ => null,
        };
    }

    private static List<WalkStep>? Where(List<WalkStep> steps, string condition)
    {
        const string Resolves = "resolve() is ";
        if (condition.StartsWith(Resolves, StringComparison.Ordinal))
            return Filtered(steps, new PointingTo(condition[Resolves.Length..].Trim()));
        var parts = condition.Split('=');
        return parts.Length == 2 && parts[0].Trim().All(char.IsAsciiLetterOrDigit) && Literal(parts[1].Trim()) is { } text
            ? Filtered(steps, new WithText(parts[0].Trim(), text)) : null;
    }

    private static List<WalkStep>? Filtered(List<WalkStep>? steps, WalkFilter filter)
    {
        if (steps is not { Count: > 0 })
            return null;
        steps[^1] = new(steps[^1].Name, [.. steps[^1].Filters, filter]);
        return steps;
    }

    private static string? Literal(string text) =>
        text.Length >= 2 && text[0] == '\'' && text.IndexOf('\'', 1) == text.Length - 1 && !text.Contains('\\', StringComparison.Ordinal) ? text[1..^1] : null;

    /// <summary>The place of the bracket that closes the first one.</summary>
    private static int Closing(string text) => Scan(text).FirstOrDefault(c => c.Depth == 0 && text[c.At] == ')', (At: -1, Depth: 0)).At;

    private static List<string> Segments(string text)
    {
        var parts = new List<string>();
        var start = 0;
        foreach (var (at, depth) in Scan(text))
            if (depth == 0 && text[at] == '.')
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        parts.Add(text[start..]);
        return parts;
    }

    private static IEnumerable<(int At, int Depth)> Scan(string text)
    {
        var (depth, quoted) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            quoted ^= text[at] == '\'';
            if (quoted)
                continue;
            depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            yield return (at, depth);
        }
    }
}
