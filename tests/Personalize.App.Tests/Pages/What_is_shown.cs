using Hl7.Fhir.Model;
using Personalize.App.Clinician;
using Personalize.App.Texts;

namespace Personalize.App.Tests.Pages;

public sealed class What_is_shown
{
    [Theory]
    [InlineData("2026-11-20", "3 d")]
    [InlineData("2026-09-23", "2 mo")]
    [InlineData("2024-11-24", "23 mo")]
    [InlineData("2024-11-23", "2 y")]
    [InlineData("1957-11-24", "68 y")]
    [InlineData("1957", "")]
    [InlineData("2027-01-01", "")]
    public void Of_an_age_fits_the_age(string born, string age) =>
        Assert.Equal(age, Shown.Age(born, new DateOnly(2026, 11, 23), English.Words));

    [Theory]
    [InlineData("2026-05-04", "May 4, 2026", "4 may 2026")]
    [InlineData("2026-05", "May 2026", "may 2026")]
    [InlineData("2026", "2026", "2026")]
    [InlineData("2026-05-04T23:59:00-04:00", "May 4, 2026", "4 may 2026")]
    [InlineData("nonsense", "nonsense", "nonsense")]
    public void Of_a_date_is_as_exact_as_the_record(string written, string english, string spanish)
    {
        Assert.Equal(english, Shown.Day(written, English.Words));
        Assert.Equal(spanish, Shown.Day(written, Spanish.Words), ignoreCase: true);
    }

    [Theory]
    [InlineData("https://example.org/a", "https://example.org/a")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("/relative", null)]
    [InlineData(null, null)]
    public void Of_a_link_is_a_web_address_or_none(string? address, string? shown) => Assert.Equal(shown, Shown.WebAddress(address));

    [Fact]
    public void In_one_language_is_shown_in_the_other_too()
    {
        Assert.Equal(English.Words.Codes.Keys.Order(), Spanish.Words.Codes.Keys.Order());
        Assert.Equal(English.Words.LanguageNames.Keys.Order(), Spanish.Words.LanguageNames.Keys.Order());
        foreach (var words in new[] { English.Words, Spanish.Words })
        {
            Assert.Equal(Enum.GetValues<Problem>().Order(), words.Problems.Keys.Order());
            Assert.Equal(Enum.GetValues<Hl7.Fhir.Model.Task.TaskStatus>().Order(), words.States.Keys.Order());
            Assert.Equal(Enum.GetValues<AdministrativeGender>().Order(), words.Sexes.Keys.Order());
            Assert.Equal(Enum.GetValues<ContactKind>().Order(), words.ContactKinds.Keys.Order());
            Assert.Equal(TaskAnswer.Reasons.Order(StringComparer.Ordinal), words.DismissalReasons.Keys.Order(StringComparer.Ordinal));
            Assert.All(Wishes.Channels.Concat(Wishes.VisitModes).Concat(Wishes.Hours), code => Assert.Contains(code, words.Codes.Keys));
            Assert.All(Wishes.Languages, code => Assert.Contains(code, words.LanguageNames.Keys));
        }
    }

    [Fact]
    public void Of_languages_follows_the_marks_for_speaking_and_writing()
    {
        var patient = new Patient { Communication = [Spoken("en")] };
        Wishes.SetLanguages(patient, "vi", "en", null);
        Assert.Equal("vi", Wishes.Spoken(patient)!.Coding[0].Code);
        Assert.Equal("en", Wishes.Written(patient)!.Coding[0].Code);
        Wishes.SetLanguages(patient, "en", "en", false);
        Assert.Equal("en", Wishes.Written(patient)!.Coding[0].Code);
        Assert.Null(patient.Communication[1].PreferredElement);
        Assert.False(Wishes.NeedsInterpreter(patient));
    }

    private static Patient.CommunicationComponent Spoken(string code) => new() { Language = new CodeableConcept("urn:ietf:bcp:47", code), Preferred = true };
}
