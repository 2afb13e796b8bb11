using System.CommandLine;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>The command line: <c>serve</c>, also without a verb.</summary>
public static class CommandTree
{
    private static readonly Option<string> _launch = new("--launch") { Description = "Reads launch-settings/NAME.json.", HelpName = "NAME", DefaultValueFactory = _ => "demo" };
    private static readonly Option<string?> _urls = new("--urls") { Description = "The addresses to listen on, separated by ';'.", HelpName = "URLS" };
    private static readonly Option<string?> _data = new("--data") { Description = "The data folder.", HelpName = "DIR" };
    private static readonly Option<string?> _maxBody = new("--max-body") { Description = "The greatest request body: bytes, or 512KB, 32MB (the default).", HelpName = "SIZE" };

    /// <summary>The commands, running on the given clock.</summary>
    public static RootCommand Of(TimeProvider time)
    {
        var serve = new Command("serve", "Serves FHIR, the practice page and the clinician app (the default).") { _launch, _urls, _data, _maxBody };
        var root = new RootCommand("Personalize.Fhir: clinical bundles in, tailored and explained suggestions out.") { serve, _launch, _urls, _data, _maxBody };
        serve.SetAction((parsed, ct) => Serve(parsed, time, ct));
        root.SetAction((parsed, ct) => Serve(parsed, time, ct));
        return root;
    }

    private static async Task<int> Serve(ParseResult parsed, TimeProvider time, CancellationToken ct) =>
        Settings(parsed).TryGet(out var settings, out var failure)
            ? await ServeVerb.Run(settings, time, ct)
            : await Refuse(failure, ExitCode.Usage);

    private static Outcome<LaunchSettings> Settings(ParseResult parsed) =>
        LaunchSettings.Read(parsed.GetValue(_launch)!, [Environment.CurrentDirectory, AppContext.BaseDirectory])
            .Select(settings => settings with
            {
                Urls = parsed.GetValue(_urls) ?? settings.Urls,
                Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : settings.Data,
                MaxBody = parsed.GetValue(_maxBody) ?? settings.MaxBody,
            })
            .Then(settings => settings.Checked());

    /// <summary>One line on the error stream, and the code.</summary>
    internal static async Task<int> Refuse(Failure failure, int code)
    {
        await Console.Error.WriteLineAsync($"personalize: {failure.Issues[0].Text}");
        return code;
    }
}
