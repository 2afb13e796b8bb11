namespace Personalize.Engine.Tests;

/// <summary>A child of three years, and what is on file of the vaccines of the first two.</summary>
public sealed class The_childhood_series
{
    // Born on 2023-05-05: code of CVX and the days on which it was given.
    private static readonly Dictionary<string, string[]> _whole = new()
    {
        ["20"] = ["2023-07-05", "2023-09-05", "2023-11-06", "2024-08-05"],
        ["10"] = ["2023-07-05", "2023-09-05", "2023-11-06"],
        ["03"] = ["2024-05-06"],
        ["21"] = ["2024-05-06"],
        ["08"] = ["2023-05-05", "2023-06-05", "2023-11-06"],
        ["83"] = ["2024-05-06"],
        ["49"] = ["2023-07-05", "2023-09-05", "2024-05-06"],
        ["133"] = ["2023-07-05", "2023-09-05", "2023-11-06", "2024-05-06"],
    };

    [Fact]
    public void Is_left_alone_when_it_is_whole() => Assert.False(Missing(_whole));

    [Theory]
    [InlineData("20")]
    [InlineData("10")]
    [InlineData("03")]
    [InlineData("21")]
    [InlineData("08")]
    [InlineData("83")]
    [InlineData("49")]
    [InlineData("133")]
    public void Is_caught_up_when_one_vaccine_is_not_on_file(string code) => Assert.True(Missing(_whole.Where(item => item.Key != code).ToDictionary()));

    [Theory]
    [InlineData("49", "2025-01-05")]
    [InlineData("133", "2025-08-05")]
    public void Needs_but_one_dose_of_Hib_or_pneumococcal_vaccine_given_late(string code, string day)
    {
        Assert.False(Missing(new(_whole) { [code] = [day] }));
        Assert.True(Missing(new(_whole) { [code] = ["2023-07-05", "2023-09-05"] }));
    }

    [Fact]
    public void No_longer_asks_for_Hib_and_pneumococcal_vaccine_from_five_years_on()
    {
        var without = _whole.Where(item => item.Key is not ("49" or "133")).ToDictionary();

        Assert.True(Missing(without));
        Assert.False(Missing(without, born: "2021-05-05"));
    }

    [Fact]
    public void Counts_combinations_for_all_that_is_in_them() => Assert.False(Missing(new()
    {
        ["146"] = ["2023-07-05", "2023-09-05", "2023-11-06"],
        ["20"] = ["2024-08-05"],
        ["94"] = ["2024-05-06"],
        ["83"] = ["2024-05-06"],
        ["48"] = ["2024-05-06"],
        ["215"] = _whole["133"],
    }));

    [Fact]
    public void Counts_a_day_once_and_only_what_was_given()
    {
        Assert.True(Missing(new(_whole) { ["08"] = ["2023-05-05", "2023-05-05", "2023-11-06"] }));
        Assert.True(Missing(_whole, status: "not-done"));
    }

    [Fact]
    public void Is_unknown_when_there_is_no_record() => Assert.Null(Missing([]));

    private static bool? Missing(Dictionary<string, string[]> given, string status = "completed", string born = "2023-05-05")
    {
        var record = new TestRecord($$"""{"resourceType":"Patient","id":"p","gender":"female","birthDate":"{{born}}"}""");
        if (given.Count > 0)
            record.Keep("""{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p"},"period":{"start":"2024-05-06"}}""");
        foreach (var (vaccine, days) in given)
            for (var i = 0; i < days.Length; i++)
                record.Keep($$"""
                    {"resourceType":"Immunization","id":"v{{vaccine}}-{{i}}","status":"{{status}}","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"{{vaccine}}"}]},
                     "patient":{"reference":"Patient/p"},"occurrenceDateTime":"{{days[i]}}"}
                    """);
        return record.Look(ContentFolder.Knowledge).Suggestions.Single(suggestion => suggestion.Rule.Code == "cis-1").Holds;
    }
}
