using System.Globalization;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Personalize.App.Texts;

namespace Personalize.App.Clinician;

/// <summary>How values out of FHIR are written for people. All of it is text, never markup.</summary>
internal static partial class Shown
{
    /// <summary>The text of a concept: its own, else a display, else a code.</summary>
    public static string Concept(CodeableConcept? concept) =>
        concept?.Text ?? concept?.Coding.Select(c => c.Display).FirstOrDefault(d => d is not null) ?? concept?.Coding.Select(c => c.Code).FirstOrDefault(c => c is not null) ?? "";

    /// <summary>The official or first name; a dash when there is none.</summary>
    public static string Name(Patient patient)
    {
        var name = patient.Name.FirstOrDefault(n => n.Use == HumanName.NameUse.Official)
            ?? patient.Name.FirstOrDefault(n => n.Use == HumanName.NameUse.Usual) ?? patient.Name.FirstOrDefault();
        var text = name is null ? null : name.Text ?? string.Join(' ', name.Given.Append(name.Family).Where(p => !string.IsNullOrWhiteSpace(p)));
        return string.IsNullOrWhiteSpace(text) ? "–" : text;
    }

    /// <summary>A FHIR date or dateTime as a day in the language of the page; partial dates stay partial.</summary>
    public static string Day(string? written, Words words) => written switch
    {
        null or "" => "",
        { Length: 4 } => written,
        { Length: 7 } when DateOnly.TryParseExact(written + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) =>
            month.ToString("MMM yyyy", words.Culture),
        { Length: >= 10 } when DateOnly.TryParseExact(written[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => Day(day, words),
        _ => written,
    };

    /// <summary>A day in the language of the page.</summary>
    public static string Day(DateOnly day, Words words) => day.ToString(words.DayFormat, words.Culture);

    /// <summary>A text whose dates are written as the page writes them.</summary>
    public static string Dated(string text, Words words) => WrittenDate().Replace(text, date => Day(date.Value, words));

    /// <summary>A moment as day and time, at the offset that the record gives.</summary>
    public static string Moment(string written, Words words) =>
        written.Length > 10 && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? $"{Day(DateOnly.FromDateTime(at.DateTime), words)}, {at.ToString("t", words.Culture)}"
            : Day(written, words);

    /// <summary>The age on a day: in years, below two years in months, below two months in days; "" without a full birth date.</summary>
    public static string Age(string? birthDate, DateOnly today, Words words)
    {
        if (!DateOnly.TryParseExact(birthDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) || born > today)
            return "";
        var months = ((today.Year - born.Year) * 12) + today.Month - born.Month - (today.Day < born.Day ? 1 : 0);
        return months switch
        {
            < 2 => words.Say(words.AgeDays, today.DayNumber - born.DayNumber),
            < 24 => words.Say(words.AgeMonths, months),
            _ => words.Say(words.AgeYears, months / 12),
        };
    }

    /// <summary>True for a person of whom the record says that they died.</summary>
    public static bool HasDied(Patient patient) => patient.Deceased is not null and not FhirBoolean { Value: false };

    /// <summary>The medical record number; null when there is none.</summary>
    public static string? RecordNumber(Patient patient) =>
        (patient.Identifier.FirstOrDefault(i => i.Type?.Coding.Any(c => c.Code == "MR") == true))?.Value;

    /// <summary>A language by its name in the language of the page.</summary>
    public static string Language(CodeableConcept? language, Words words)
    {
        var code = language?.Coding.FirstOrDefault(c => c.Code is not null)?.Code;
        return (code is null ? null : words.LanguageName(code)) ?? Concept(language);
    }

    /// <summary>A link only if it is one of the web.</summary>
    public static string? WebAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b", RegexOptions.CultureInvariant)]
    private static partial Regex WrittenDate();
}
