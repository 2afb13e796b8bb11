using System.Globalization;
using System.Text;

namespace Personalize.Fhir.Search;

/// <summary>Text as search sees it.</summary>
internal static class SearchText
{
    /// <summary>Without case, accents and combining marks; runs of white space become one space.</summary>
    public static string Normal(string text)
    {
        if (IsPlain(text))
            return text.ToLowerInvariant();
        var normal = new StringBuilder(text.Length);
        foreach (var c in text.Trim().Normalize(NormalizationForm.FormKD))
            if (char.IsWhiteSpace(c))
                AppendSpace(normal);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
                normal.Append(char.ToLowerInvariant(c));
        return normal.ToString();
    }

    /// <summary>What people read of a token, as it is searched: normal, and of a long text the beginning.</summary>
    public static string Words(string text) => Normal(text) is var normal && normal.Length > LongestWords ? normal[..(char.IsHighSurrogate(normal[LongestWords - 1]) ? LongestWords - 1 : LongestWords)] : normal;

    /// <summary>More of what people read of a token is not searched.</summary>
    public const int LongestWords = 200;

    private static void AppendSpace(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ')
            text.Append(' ');
    }

    private static bool IsPlain(string text)
    {
        var before = ' ';
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' || (c == ' ' && before == ' '))
                return false;
            before = c;
        }
        return before != ' ';
    }

    /// <summary>Parts divided by a character that is not escaped by a backslash; the escapes stay.</summary>
    public static List<string> Split(string text, char at)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\')
                i++;
            else if (text[i] == at)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>Takes the escapes <c>\,</c> <c>\|</c> <c>\$</c> <c>\\</c> away. Source: FHIR R4, Search, Escaping Search Parameters.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (',' or '|' or '$' or '\\'))
                i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
