namespace Personalize.Fhir.Terminology;

/// <summary>Code systems that are a grammar, not a list: here only the form of a code is judged.</summary>
internal static class SyntaxSystems
{
    /// <summary>Is the system a grammar that is known here? All of them are URNs.</summary>
    public static bool IsOne(ReadOnlySpan<char> system) => system.StartsWith("urn:");

    /// <summary>Has the code the form that the system asks for? Null when no grammar is known here.</summary>
    public static bool? Contains(string system, string code) => system switch
    {
        "urn:ietf:bcp:13" => IsMediaType(code),
        "urn:ietf:bcp:47" => IsLanguageTag(code),
        "urn:iso:std:iso:3166" => IsPlace(code),
        "urn:iso:std:iso:4217" => code.Length == 3 && code.All(char.IsAsciiLetterUpper),
        _ => null,
    };

    private static bool IsMediaType(string code)
    {
        // FHIR allows its own formats by these names wherever a media type is asked for.
        if (code is "json" or "xml" or "ttl")
            return true;
        var type = code.Split(';')[0].Trim();
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < type.Length - 1 && slash == type.LastIndexOf('/') && !type.Any(char.IsWhiteSpace);
    }

    /// <summary>A country by two or three letters or three digits, or a part of one: <c>US-CA</c>.</summary>
    private static bool IsPlace(string code)
    {
        var parts = code.Split('-');
        return parts.Length <= 2 && (parts[0].Length is 2 or 3 && parts[0].All(char.IsAsciiLetterUpper) || (parts[0].Length == 3 && parts[0].All(char.IsAsciiDigit)))
            && parts.Skip(1).All(p => p.Length is >= 1 and <= 3 && p.All(char.IsAsciiLetterOrDigit));
    }

    private static bool IsLanguageTag(string code)
    {
        var parts = code.Split('-');
        return parts[0].Length is >= 1 and <= 8 && parts[0].All(char.IsAsciiLetter)
            && parts.Skip(1).All(p => p.Length is >= 1 and <= 8 && p.All(char.IsAsciiLetterOrDigit));
    }
}
