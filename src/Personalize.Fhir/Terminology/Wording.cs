namespace Personalize.Fhir.Terminology;

/// <summary>What a code is called: its display in the language of the definition, and its designations in others.</summary>
/// <param name="Display">The display; null for none.</param>
/// <param name="Language">The language of the display.</param>
/// <param name="Others">Language and text of the designations that name a language.</param>
internal sealed record Wording(string? Display, string Language, IReadOnlyList<(string Language, string Text)> Others)
{
    /// <summary>The language of a definition that does not name one: R4's own are in English.</summary>
    public const string Usual = "en";

    /// <summary>What it is called in that language, or in a narrower or wider form of it (<c>es</c>, <c>es-MX</c>); null when that is not known.</summary>
    public string? In(string language) => Exactly(language) ?? (Display is not null && Speaks(Language, language) ? Display : Others.FirstOrDefault(other => Speaks(other.Language, language)).Text);

    /// <summary>Is it called so, in any language?</summary>
    public bool Has(string display) => display.Equals(Display, StringComparison.OrdinalIgnoreCase) || Others.Any(other => display.Equals(other.Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>The fields behind a code as <see cref="CodesCompiler"/> writes them: <c>"Display</c>, <c>~es Texto</c>.</summary>
    public static Wording? Read(IEnumerable<string> fields, string language)
    {
        string? display = null;
        List<(string, string)> others = [];
        foreach (var field in fields)
            if (field[0] == '"')
                display = field[1..];
            else if (field[0] == '~' && field.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
                others.Add((field[1..space], field[(space + 1)..]));
        return display is null && others.Count == 0 ? null : new(display, language, others);
    }

    private string? Exactly(string language) => Display is not null && Language.Equals(language, StringComparison.OrdinalIgnoreCase) ? Display
        : Others.FirstOrDefault(other => other.Language.Equals(language, StringComparison.OrdinalIgnoreCase)).Text;

    private static bool Speaks(string known, string wanted) =>
        known.StartsWith(wanted + "-", StringComparison.OrdinalIgnoreCase) || wanted.StartsWith(known + "-", StringComparison.OrdinalIgnoreCase) || known.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
