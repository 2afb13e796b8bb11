using Personalize.Server.Flow;

namespace Personalize.Server.Tests.Flow;

public sealed class Nights_are_counted
{
    private static readonly Nights _nights = new(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-11-23T06:59:00Z", "2026-11-22", "2026-11-23T07:00:00Z")]
    [InlineData("2026-11-23T07:00:00Z", "2026-11-23", "2026-11-24T07:00:00Z")]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-01", "2026-07-02T06:00:00Z")]
    public void By_two_o_clock_at_the_practice(string now, string lastDue, string next)
    {
        Assert.Equal(DateOnly.Parse(lastDue, System.Globalization.CultureInfo.InvariantCulture), _nights.LastDue(Utc(now)));
        Assert.Equal(Utc(next), _nights.Next(Utc(now)));
    }

    [Fact]
    public void Once_where_the_clocks_skip_that_hour() =>
        Assert.Equal(Utc("2026-03-08T07:00:00Z"), _nights.Moment(new DateOnly(2026, 3, 8)));

    [Fact]
    public void Once_where_the_clocks_go_back() =>
        Assert.Equal(Utc("2026-11-01T07:00:00Z"), _nights.Moment(new DateOnly(2026, 11, 1)));
}
