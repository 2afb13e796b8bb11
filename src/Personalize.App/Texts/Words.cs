using System.Collections.Frozen;
using System.Globalization;
using Hl7.Fhir.Model;
using TaskStatus = Hl7.Fhir.Model.Task.TaskStatus;

namespace Personalize.App.Texts;

/// <summary>All that the pages say in one language. The compiler sees to it that no language lacks a text.</summary>
public sealed partial record Words
{
    /// <summary>The language, as in <c>lang</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>The language that the switch leads to.</summary>
    public required string OtherTag { get; init; }

    /// <summary>Its name, in itself.</summary>
    public required string OtherName { get; init; }

    /// <summary>How numbers, days and times are written.</summary>
    public required CultureInfo Culture { get; init; }

    /// <summary>How a day is written.</summary>
    public required string DayFormat { get; init; }

    /// <summary>A culture, or the invariant one on a machine that has no data about languages.</summary>
    internal static CultureInfo CultureOf(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    /// <summary>The language of what rules and segments say, if the page is in another; else null.</summary>
    public string? ContentLanguage => Tag == "en" ? null : "en";

    /// <summary>Fills in a text's places.</summary>
    public string Say(string text, params object?[] values) => string.Format(Culture, text, values);

    /// <summary>The word for a code of ours, else the name of a language, else what the coding shows itself.</summary>
    public string Coded(Coding coding) =>
        (coding.Code is { } code ? Codes.GetValueOrDefault(code) ?? LanguageName(code) : null) ?? coding.Display ?? coding.Code ?? "";

    /// <summary>The name of a language by its code; null when it is not known.</summary>
    public string? LanguageName(string code) =>
        LanguageNames.GetValueOrDefault(code.ToLowerInvariant()) ?? LanguageNames.GetValueOrDefault(code.Split('-')[0].ToLowerInvariant());

    /// <summary>"Save" for one of several forms.</summary>
    public string SaveNamed(string what) => Say(SaveOne, what.ToLower(Culture));

    /// <summary>The words for the codes of channels, visit modes, hours and interpreter.</summary>
    public required FrozenDictionary<string, string> Codes { get; init; }

    /// <summary>The names of languages by their code.</summary>
    public required FrozenDictionary<string, string> LanguageNames { get; init; }

    /// <summary>The kinds of message.</summary>
    public required FrozenDictionary<string, string> Topics { get; init; }

    /// <summary>Why a suggestion is dismissed.</summary>
    public required FrozenDictionary<string, string> DismissalReasons { get; init; }

    /// <summary>Where a suggestion stands.</summary>
    public required FrozenDictionary<TaskStatus, string> States { get; init; }

    /// <summary>Administrative sex.</summary>
    public required FrozenDictionary<AdministrativeGender, string> Sexes { get; init; }

    /// <summary>The kinds of contact.</summary>
    public required FrozenDictionary<ContactKind, string> ContactKinds { get; init; }

    /// <summary>The states of contacts that are worth a word.</summary>
    public required FrozenDictionary<string, string> ContactStates { get; init; }

    /// <summary>What went wrong and how to go on.</summary>
    public required FrozenDictionary<Problem, (string Title, string Text)> Problems { get; init; }

    /// <summary>First, second and third choice.</summary>
    public required IReadOnlyList<string> Choices { get; init; }
}
