using Personalize.Server.Flow;

namespace Personalize.Server.Tests.Flow;

public sealed class The_lag_of_the_flow
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset At(int second) => Start.AddSeconds(second);

    [Fact]
    public void Is_nothing_when_all_is_worked_out()
    {
        var lag = new FeedLag(Start);
        lag.Reached(7, 7, At(3));
        Assert.Equal((0, TimeSpan.Zero), (lag.Commits(7), lag.Age(7, At(900))));
    }

    [Fact]
    public void Grows_while_nothing_is_worked_out()
    {
        var lag = new FeedLag(Start);
        lag.Reached(7, 7, At(3));
        Assert.Equal((2, TimeSpan.FromSeconds(400)), (lag.Commits(9), lag.Age(9, At(403))));
    }

    [Fact]
    public void Is_bounded_by_what_was_there_when_it_looked_while_others_keep_writing()
    {
        var lag = new FeedLag(Start);
        lag.Reached(10, 20, At(10)); // looks again when 20 is reached
        lag.Reached(15, 30, At(20));
        Assert.Equal(TimeSpan.FromSeconds(30), lag.Age(40, At(30)));
        lag.Reached(20, 40, At(30)); // what was there at second 10 is done
        Assert.Equal(TimeSpan.FromSeconds(25), lag.Age(50, At(35)));
        Assert.Equal(30, lag.Commits(50));
    }
}
