using System.CommandLine.Invocation;
using Personalize.Server.Verbs;

try
{
    // The host itself hears the signals to stop and closes the store; nothing here may cut that short.
    var command = CommandTree.Of(TimeProvider.System).Parse(args);
    var code = await command.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return command.Action is ParseErrorAction ? ExitCode.Usage : code;
}
catch (Exception fault)
{
    // A bug: its kind and place help, its text might not be meant for everybody's eyes.
    await Console.Error.WriteLineAsync($"personalize stopped: {fault.GetType().Name}{Environment.NewLine}{fault.StackTrace}");
    return ExitCode.Failed;
}
