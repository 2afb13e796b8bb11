using Personalize.Server.Verbs;

try
{
    return await CommandTree.Of(TimeProvider.System).Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception fault)
{
    // A bug: its kind and place help, its text might not be meant for everybody's eyes.
    await Console.Error.WriteLineAsync($"personalize stopped: {fault.GetType().Name}{Environment.NewLine}{fault.StackTrace}");
    return ExitCode.Failed;
}
