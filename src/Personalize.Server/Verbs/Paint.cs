using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Personalize.Server.Verbs;

/// <summary>Colours for a terminal that has them; plain text into files, pipes and where <c>NO_COLOR</c> is set.</summary>
/// <param name="isOn">True to colour.</param>
internal sealed class Paint(bool isOn)
{
    /// <summary>For what is written to the terminal now.</summary>
    public static Paint OfConsole(bool isRedirected) =>
        new(!isRedirected && AnsiConsole.Profile.Capabilities.Ansi && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Places.</summary>
    public string Dim(string text) => Code("2", text);

    /// <summary>Types.</summary>
    public string Cyan(string text) => Code("36", text);

    /// <summary>Errors.</summary>
    public string Red(string text) => Code("31", text);

    /// <summary>Warnings.</summary>
    public string Yellow(string text) => Code("33", text);

    private string Code(string code, string text) => isOn && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;

    /// <summary>Content as one line that steers no terminal: control characters are written as escapes.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in text)
            _ = char.IsControl(c) ? plain.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") }) : plain.Append(c);
        return plain.ToString();
    }
}
