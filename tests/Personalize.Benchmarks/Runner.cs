using System.Diagnostics;

namespace Personalize.Benchmarks;

/// <summary>One of the things that are measured beside each other.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Parts">In how many parts a pass over everything falls.</param>
/// <param name="Part">Works on one part; gives a number that depends on all of its work, so that none is left out.</param>
internal sealed record Lane(string Name, int Parts, Func<int, long> Part)
{
    /// <summary>A pass in one part.</summary>
    public Lane(string name, Func<long> pass)
        : this(name, 1, _ => pass())
    {
    }

    /// <summary>One pass over everything that is worked on.</summary>
    public long Pass() => Enumerable.Range(0, Parts).Sum(Part);
}

/// <summary>What was measured of a lane.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nanoseconds">For one unit of work: of each part the median over the rounds.</param>
/// <param name="Bytes">Allocated for one unit of work; exact.</param>
/// <param name="Speed">How many times as fast as the first lane: the median of the ratios of each part of each round, so that noise which both meet counts for neither.</param>
internal sealed record Figure(string Name, double Nanoseconds, double Bytes, double Speed);

/// <summary>Measures lanes in turns within one run: each part of each round is run by every lane once, each round begins with another lane. Parts that are shorter than a slice of the machine's time see little of its other work.</summary>
internal static class Runner
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(1.5);

    // What the passes gave, kept where the compiler cannot see that nobody reads it.
    private static long _sink;

    /// <summary>The figures of all lanes; the first is the baseline of the ratios.</summary>
    /// <param name="units">How many units of work are in a pass, such as resources.</param>
    /// <param name="rounds">How often each lane is run after it is warm.</param>
    /// <param name="lanes">The baseline and those compared with it, all of as many parts.</param>
    public static IReadOnlyList<Figure> Run(int units, int rounds, params IReadOnlyList<Lane> lanes)
    {
        foreach (var lane in lanes)
            WarmUp(lane);
        var parts = lanes[0].Parts;
        var seconds = lanes.Select(_ => new double[rounds * parts]).ToArray();
        for (var one = 0; one < rounds * parts; one++)
            for (var turn = 0; turn < lanes.Count; turn++)
            {
                var at = ((one / parts) + turn) % lanes.Count;
                seconds[at][one] = Time(lanes[at], one % parts);
            }
        return [.. lanes.Select((lane, at) => new Figure(
            lane.Name, Whole(seconds[at], parts) * 1e9 / units, Allocated(lane) / (double)units, Median(seconds[0].Zip(seconds[at], (first, own) => first / own))))];
    }

    /// <summary>A pass whose parts each took their median.</summary>
    private static double Whole(double[] seconds, int parts) => Enumerable.Range(0, parts).Sum(part => Median(seconds.Where((_, at) => at % parts == part)));

    // Long enough for the last stage of compilation, which comes in the background.
    private static void WarmUp(Lane lane)
    {
        var clock = Stopwatch.StartNew();
        for (var pass = 0; pass < 3 || clock.Elapsed < _warmUp; pass++)
            _sink += lane.Pass();
    }

    private static double Time(Lane lane, int part)
    {
        var start = Stopwatch.GetTimestamp();
        _sink += lane.Part(part);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long Allocated(Lane lane)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _sink += lane.Pass();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
