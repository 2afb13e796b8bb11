using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Personalize.Benchmarks;

/// <summary>Figures as Markdown: the command that made them, the machine, a table for each comparison.</summary>
internal sealed class Report(string title, string command, DateTimeOffset now, string threads = "; one thread")
{
    private readonly StringBuilder _text = new();

    /// <summary>A sentence or more between the tables.</summary>
    public void Say(string text) => _text.Append('\n').Append(text).Append('\n');

    /// <summary>A table.</summary>
    /// <param name="heading">What was compared.</param>
    /// <param name="unit">What the figures are for, such as a resource.</param>
    /// <param name="figures">The baseline first.</param>
    public void Table(string heading, string unit, IReadOnlyList<Figure> figures)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n| | ns a {unit} | {unit}s a second | bytes allocated a {unit} | speed, first = 1 |\n|---|---:|---:|---:|---:|\n");
        foreach (var figure in figures)
            _text.Append(CultureInfo.InvariantCulture,
                $"| {figure.Name} | {figure.Nanoseconds:N0} | {1e9 / figure.Nanoseconds:N0} | {figure.Bytes:N0} | {figure.Speed:0.00} |\n");
    }

    /// <summary>A table of any columns, the first of them names.</summary>
    public void Rows(string heading, string[] columns, IEnumerable<string[]> rows)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n| {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Skip(1).Select(_ => "---:|"))}\n");
        foreach (var row in rows)
            _text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"# {title}\nMade by `{command}` on {now:yyyy-MM-dd}: {Machine()}{threads}.\n{_text}");

    private static string Machine() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores shared with other work{Load()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    private static string Load() => File.Exists("/proc/loadavg") ? $" (load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the end)" : "";

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();
}
