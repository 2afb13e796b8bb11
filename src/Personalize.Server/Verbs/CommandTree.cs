using System.CommandLine;
using System.CommandLine.Invocation;
using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;

namespace Personalize.Server.Verbs;

/// <summary>The command line: <c>serve</c> (also without a verb), <c>load</c>, <c>fhirpath</c>, <c>validate</c>, <c>check</c>, <c>backup</c>, <c>restore</c>.</summary>
public static class CommandTree
{
    private static readonly Option<string> _launch = new("--launch") { Description = "Reads launch-settings/NAME.json.", HelpName = "NAME", DefaultValueFactory = _ => "demo" };
    private static readonly Option<string?> _urls = new("--urls") { Description = "The addresses to listen on, separated by ';'.", HelpName = "URLS" };
    private static readonly Option<string?> _data = new("--data") { Description = "The data folder.", HelpName = "DIR" };
    private static readonly Option<string?> _maxBody = new("--max-body") { Description = "The greatest request body: bytes, or 512KB, 32MB (the default).", HelpName = "SIZE" };
    private static readonly Option<LogForm?> _log = new("--log") { Description = "How the log is written: text (the default) or json.", HelpName = "FORM" };
    private static readonly Argument<string> _backup = new("FILE") { Description = "The backup." };
    private static readonly Option<string?> _keyVariable = new("--key-variable") { Description = $"The environment variable that holds the key of the backup; {BackupKey.Variable} when neither is given.", HelpName = "NAME" };
    private static readonly Option<string?> _keyFile = new("--key-file") { Description = "The file that holds the key of the backup.", HelpName = "FILE" };
    private static readonly Argument<string[]> _paths = new("PATH") { Description = "Files, folders or NDJSON.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> _to = new("--to") { Description = "The FHIR base of a running server, such as http://localhost:8080/fhir; without it the data folder is opened.", HelpName = "URL" };
    private static readonly Option<string?> _token = new("--token") { Description = "The access token for --to.", HelpName = "TOKEN" };
    private static readonly Option<bool> _again = new("--again") { Description = "Load also files that were finished before." };
    private static readonly Option<string[]> _profile = new("--profile") { Description = "The canonical of a profile that every resource must keep; may be given several times.", HelpName = "URL" };

    private static readonly Argument<string> _expression = new("EXPRESSION") { Description = "The FHIRPath expression." };
    private static readonly Argument<string[]> _files = new("FILE") { Description = "Files of JSON or XML, folders, NDJSON, or - for the standard input.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> _lenient = new("--lenient") { Description = "Elements that a type does not have are empty, not an error." };

    /// <summary>Does what a command line asks for; gives the exit code.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="time">The clock of everything in it.</param>
    public static async Task<int> Run(string[] arguments, TimeProvider time)
    {
        // The host itself hears the signals to stop and closes the store; nothing here may cut that short.
        var command = Of(time).Parse(arguments);
        var code = await command.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return command.Action is ParseErrorAction ? ExitCode.Usage : code;
    }

    /// <summary>The commands, running on the given clock.</summary>
    public static RootCommand Of(TimeProvider time)
    {
        var serve = new Command("serve", "Serves FHIR, the practice page and the clinician app (the default).") { _launch, _urls, _data, _maxBody, _log };
        var load = new Command("load", "Loads bundles, resources and NDJSON; changes nothing in them.") { _paths, _to, _token, _again, _launch, _data };
        var fhirpath = new Command("fhirpath", "Evaluates a FHIRPath expression on each resource and prints the values with their places.") { _expression, _files, _lenient };
        var validate = new Command("validate", "Says what is wrong with resources, and where. Profiles, value sets and questionnaires among the files are used too.") { _files, _profile };
        var check = new Command("check", "Verifies the store of the data folder, or of the database that the settings name, and says what is wrong; servers may go on writing to it.") { _launch, _data };
        var backup = new Command("backup", "Writes one state of the store into a sealed file and reads it back; a server may go on writing.") { _backup, _launch, _data, _keyVariable, _keyFile };
        var restore = new Command("restore", "Restores a backup into an empty data folder and checks it.") { _backup, _launch, _data, _keyVariable, _keyFile };
        var root = new RootCommand("Personalize.Fhir: clinical bundles in, tailored and explained suggestions out.") { serve, load, fhirpath, validate, check, backup, restore, _launch, _urls, _data, _maxBody, _log };
        serve.SetAction((parsed, ct) => Serve(parsed, time, ct));
        root.SetAction((parsed, ct) => Serve(parsed, time, ct));
        load.SetAction((parsed, ct) => Load(parsed, time, ct));
        fhirpath.SetAction(parsed => new FhirPathVerb(new(parsed.GetValue(_expression)!, parsed.GetValue(_files) ?? [], parsed.GetValue(_lenient)), Console.Out, Console.Error).Run(time, Console.OpenStandardInput));
        validate.SetAction(parsed => new ValidateVerb(new(parsed.GetValue(_files) ?? [], parsed.GetValue(_profile) ?? []), Console.Out, Console.Error).Run(time, Console.OpenStandardInput));
        backup.SetAction((parsed, ct) => WithFile(parsed, PostgresTools.Backup, settings => BackupVerb.Run(parsed.GetValue(_backup)!, settings, Key(parsed), ct)));
        restore.SetAction((parsed, ct) => WithFile(parsed, PostgresTools.Restore, settings => RestoreVerb.Run(parsed.GetValue(_backup)!, settings, Key(parsed), ct)));
        check.SetAction((parsed, ct) => With(parsed, settings => CheckVerb.Run(settings, ct)));
        return root;
    }

    private static Task<int> Serve(ParseResult parsed, TimeProvider time, CancellationToken ct) => With(parsed, settings => ServeVerb.Run(settings, time, ct));

    private static Task<int> WithFile(ParseResult parsed, Func<PostgresSettings, string, Failure> otherwise, Func<LaunchSettings, Task<int>> run) => With(parsed, settings => settings.Postgres is { } postgres
        ? Refuse(otherwise(postgres, parsed.GetValue(_backup)!), ExitCode.Usage)
        : run(settings));

    private static Outcome<byte[]> Key(ParseResult parsed) => BackupKey.Read(parsed.GetValue(_keyVariable), parsed.GetValue(_keyFile));

    private static async Task<int> With(ParseResult parsed, Func<LaunchSettings, Task<int>> run) =>
        Settings(parsed).TryGet(out var settings, out var failure) ? await run(settings) : await Refuse(failure, ExitCode.Usage);

    private static async Task<int> Load(ParseResult parsed, TimeProvider time, CancellationToken ct)
    {
        if (!Settings(parsed).TryGet(out var settings, out var failure))
            return await Refuse(failure, ExitCode.Usage);
        var order = new LoadOrder(parsed.GetValue(_paths) ?? [], parsed.GetValue(_to), parsed.GetValue(_token), parsed.GetValue(_again));
        return await LoadVerb.Run(order, settings, time, ct);
    }

    private static Outcome<LaunchSettings> Settings(ParseResult parsed) =>
        LaunchSettings.Read(parsed.GetValue(_launch)!, [Environment.CurrentDirectory, AppContext.BaseDirectory])
            .Select(settings => settings with
            {
                Urls = parsed.GetValue(_urls) ?? settings.Urls,
                Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : settings.Data,
                MaxBody = parsed.GetValue(_maxBody) ?? settings.MaxBody,
                Log = parsed.GetValue(_log) ?? settings.Log,
            })
            .Then(settings => settings.Checked());

    /// <summary>One line on the error stream, and the code.</summary>
    internal static async Task<int> Refuse(Failure failure, int code)
    {
        await Console.Error.WriteLineAsync($"personalize: {failure.Issues[0].Text}");
        return code;
    }
}
