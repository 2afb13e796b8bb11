using Personalize.Server.Verbs;

try
{
    return await CommandTree.Run(args, TimeProvider.System);
}
catch (Exception fault)
{
    // A bug: its kind and place help, its text might not be meant for everybody's eyes.
    await Console.Error.WriteLineAsync($"personalize stopped: {fault.GetType().Name}{Environment.NewLine}{fault.StackTrace}");
    return ExitCode.Failed;
}
