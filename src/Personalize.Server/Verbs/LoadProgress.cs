using Spectre.Console;

namespace Personalize.Server.Verbs;

/// <summary>Shows how far loading has come: a bar on a terminal, a line a file elsewhere.</summary>
internal static class LoadProgress
{
    /// <summary>Runs the work, which tells the name of each file when it begins.</summary>
    public static Task<T> Show<T>(int files, Func<Action<string>, Task<T>> work)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return work(file => Console.Out.WriteLine($"loading {Path.GetFileName(file)}"));
        return AnsiConsole.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("loading", maxValue: Math.Max(files, 1));
                var begun = 0;
                var result = await work(file =>
                {
                    task.Value = begun++;
                    task.Description = Markup.Escape(Path.GetFileName(file));
                });
                task.Description = "loaded";
                task.Value = task.MaxValue;
                return result;
            });
    }
}
