using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Server.Verbs;

namespace Personalize.Server.Tests.Verbs;

public sealed class Dates_of_a_sample
{
    private static string Moved(string json, int year, int month, int day) =>
        Encoding.UTF8.GetString(SampleDates.Move(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value, new DateOnly(year, month, day)).Span);

    [Fact]
    public void Move_by_whole_days_from_the_anchor_to_today() => Assert.Equal(
        """{"resourceType":"Bundle","type":"collection","timestamp":"2026-03-03T12:00:00Z","entry":[{"resource":{"resourceType":"Patient","birthDate":"1980-03-02","deceasedDateTime":"2026-03-02T23:30:00-05:00"}}]}""",
        Moved("""{"resourceType":"Bundle","type":"collection","timestamp":"2026-03-01T12:00:00Z","entry":[{"resource":{"resourceType":"Patient","birthDate":"1980-02-29","deceasedDateTime":"2026-02-28T23:30:00-05:00"}}]}""", 2026, 3, 3));

    [Fact]
    public void Stay_when_they_are_coarser_than_a_day_or_no_dates() => Assert.Equal(
        """{"resourceType":"Bundle","type":"collection","timestamp":"2027-03-01T12:00:00Z","entry":[{"resource":{"resourceType":"Patient","birthDate":"1980-02","name":[{"text":"2026-01-01"}],"identifier":[{"value":"2026-01-01"}]}}]}""",
        Moved("""{"resourceType":"Bundle","type":"collection","timestamp":"2026-03-01T12:00:00Z","entry":[{"resource":{"resourceType":"Patient","birthDate":"1980-02","name":[{"text":"2026-01-01"}],"identifier":[{"value":"2026-01-01"}]}}]}""", 2027, 3, 1));

    [Fact]
    public void Stay_without_an_anchor() => Assert.Equal(
        """{"resourceType":"Patient","birthDate":"1980-02-01"}""", Moved("""{"resourceType":"Patient","birthDate":"1980-02-01"}""", 2027, 3, 1));

    [Fact]
    public void Move_in_extensions_and_contained_resources() => Assert.Contains(
        "\"valueDate\":\"2026-01-02\"",
        Moved("""{"resourceType":"Bundle","type":"collection","timestamp":"2026-01-01T00:00:00Z","entry":[{"resource":{"resourceType":"Patient","contained":[{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"u","valueDate":"2026-01-01"}]}]}}]}""", 2026, 1, 2),
        StringComparison.Ordinal);
}
