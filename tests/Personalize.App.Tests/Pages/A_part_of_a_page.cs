using Bunit;
using Hl7.Fhir.Model;
using Personalize.App.Clinician;
using Personalize.App.Fhir;
using Personalize.App.Texts;
using Trouble = Personalize.App.Fhir.Trouble;

namespace Personalize.App.Tests.Pages;

public sealed class A_part_of_a_page
{
    private static readonly PageContext _here = new()
    {
        Words = English.Words,
        Home = "app/s/x/",
        Patient = "maria",
        Page = "",
        Source = "https://ehr.example/fhir",
        ShowsBanner = true,
        Now = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.FromHours(-5)),
    };

    private static Chart Empty(Answer<IReadOnlyList<Suggestion>>? suggestions = null) => new()
    {
        Patient = new Patient { Id = "maria" },
        Suggestions = suggestions ?? (Answer<IReadOnlyList<Suggestion>>)(List<Suggestion>)[],
        Why = (List<Explanation>)[],
        Contacts = [],
        ContactsLack = false,
    };

    [Fact]
    public void Without_suggestions_says_so()
    {
        using var context = new BunitContext();
        var part = context.Render<SuggestionList>(p => p.Add(c => c.Chart, Empty()).Add(c => c.Here, _here));
        Assert.Equal("Nothing to suggest from what is on file.", part.Find(".empty").TextContent);
        Assert.Empty(part.FindAll("article"));
    }

    [Fact]
    public void Of_a_person_who_died_says_why_nothing_is_suggested()
    {
        using var context = new BunitContext();
        var chart = Empty() with { Patient = new Patient { Id = "walter", Deceased = new FhirDateTime(2026, 4, 1) } };
        Assert.Equal("Nothing is suggested for a person who has died.",
            context.Render<SuggestionList>(p => p.Add(c => c.Chart, chart).Add(c => c.Here, _here)).Find(".empty").TextContent);
    }

    [Fact]
    public void Leaves_out_a_suggestion_that_has_just_lost_its_ground()
    {
        Suggestion Offered(string id, string holds) => new()
        {
            Id = id,
            Version = "1",
            Title = id,
            Description = "",
            Status = Hl7.Fhir.Model.Task.TaskStatus.Requested,
            Rank = 1,
            Pressing = false,
            Why = new Explanation { Kind = "suggestion", Code = id, Title = id, Holds = holds },
        };
        Assert.Equal(["kept"], Empty((List<Suggestion>)[Offered("lost", "false"), Offered("kept", "true")]).Open.Select(s => s.Id));
    }

    [Fact]
    public void That_could_not_be_read_does_not_look_empty()
    {
        using var context = new BunitContext();
        var part = context.Render<SuggestionList>(p => p.Add(c => c.Chart, Empty(Trouble.Unreachable)).Add(c => c.Here, _here));
        Assert.Contains("could not be read", part.Find(".lacks").TextContent, StringComparison.Ordinal);
        Assert.Empty(part.FindAll(".empty"));
    }

    [Fact]
    public void Says_of_each_preference_where_it_comes_from()
    {
        using var context = new BunitContext();
        string Source(string source, string? date) => context.Render<PreferenceRow>(p => p
            .Add(c => c.Label, "Care")
            .Add(c => c.Found, new Explanation { Kind = "preference", Code = "channel.care", Title = "", Holds = "true", Source = source, Date = date, Values = [new Coding("x", "sms")] })
            .Add(c => c.Here, _here)).Find(".source").TextContent;
        Assert.Equal("said on Feb 3, 2026", Source("stated", "2026-02-03"));
        Assert.Equal("seen in use, last on Feb 2026", Source("observed", "2026-02"));
        Assert.Equal("usual here", Source("default", null));
    }

    [Fact]
    public void About_contacts_marks_what_was_missed_and_what_is_to_come()
    {
        using var context = new BunitContext();
        Contact Booked(string when, string state) => new(ContactKind.Appointment, when, DateTimeOffset.Parse(when, System.Globalization.CultureInfo.InvariantCulture), "", state, false, null);
        var chart = Empty() with { Contacts = [Booked("2026-12-01T10:00:00-05:00", "booked"), Booked("2026-10-01T10:00:00-04:00", "noshow"), Booked("2026-09-01T10:00:00-04:00", "fulfilled")] };
        var rows = context.Render<ContactList>(p => p.Add(c => c.Chart, chart).Add(c => c.Here, _here)).FindAll(".contacts > li");
        Assert.Equal(["Dec 1, 2026, 10:00 AM", "Oct 1, 2026, 10:00 AM"], rows.Select(r => r.QuerySelector("time")!.TextContent.Replace('\u202f', ' ')));
        Assert.Contains("Did not come", rows[1].TextContent, StringComparison.Ordinal);
    }
}
