using System.Diagnostics;

namespace Personalize.Benchmarks;

/// <summary>One of the things that are measured beside each other.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Pass">One pass over everything that is worked on; gives a number that depends on all of its work, so that none is left out.</param>
internal sealed record Lane(string Name, Func<long> Pass);

/// <summary>What was measured of a lane.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nanoseconds">The median over the rounds, for one unit of work.</param>
/// <param name="Bytes">Allocated for one unit of work; exact.</param>
/// <param name="Speed">How many times as fast as the first lane: the median of the ratios of each round, so that noise which both meet counts for neither.</param>
internal sealed record Figure(string Name, double Nanoseconds, double Bytes, double Speed);

/// <summary>Measures lanes in turns within one run: each round runs every lane once, and begins with another one.</summary>
internal static class Runner
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(1.5);

    // What the passes gave, kept where the compiler cannot see that nobody reads it.
    private static long _sink;

    /// <summary>The figures of all lanes; the first is the baseline of the ratios.</summary>
    /// <param name="units">How many units of work are in a pass, such as resources.</param>
    /// <param name="rounds">How often each lane is run after it is warm.</param>
    /// <param name="lanes">The baseline and those compared with it.</param>
    public static IReadOnlyList<Figure> Run(int units, int rounds, params IReadOnlyList<Lane> lanes)
    {
        foreach (var lane in lanes)
            WarmUp(lane);
        var seconds = lanes.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var turn = 0; turn < lanes.Count; turn++)
            {
                var at = (round + turn) % lanes.Count;
                seconds[at][round] = Time(lanes[at]);
            }
        return [.. lanes.Select((lane, at) => new Figure(
            lane.Name, Median(seconds[at]) * 1e9 / units, Allocated(lane) / (double)units, Median(seconds[0].Zip(seconds[at], (first, own) => first / own))))];
    }

    // Long enough for the last stage of compilation, which comes in the background.
    private static void WarmUp(Lane lane)
    {
        var clock = Stopwatch.StartNew();
        for (var pass = 0; pass < 3 || clock.Elapsed < _warmUp; pass++)
            _sink += lane.Pass();
    }

    private static double Time(Lane lane)
    {
        var start = Stopwatch.GetTimestamp();
        _sink += lane.Pass();
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
