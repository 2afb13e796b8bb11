using System.Diagnostics;
using System.Globalization;

namespace Personalize.Benchmarks;

/// <summary>What the operating system says of a process, and of times that were measured.</summary>
internal static class Measured
{
    /// <summary>Bytes that this process has given to the system to write.</summary>
    public static long Written() => Field("/proc/self/io", "wchar:");

    /// <summary>Anonymous memory of a process in bytes: what is its own, files that are mapped left out.</summary>
    public static long Anonymous(int process) => Field($"/proc/{process}/status", "RssAnon:") * 1024;

    /// <summary>The value at a place of the sorted times, such as 0.5 for the median.</summary>
    public static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    /// <summary>Seconds that work takes.</summary>
    public static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds that work takes.</summary>
    public static async Task<double> Seconds(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long Field(string file, string name) =>
        long.Parse(File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
