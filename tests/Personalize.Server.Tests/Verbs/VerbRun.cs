using System.Text;
using Personalize.Server.Verbs;

namespace Personalize.Server.Tests.Verbs;

/// <summary>A verb of the program in the process of the tests, which spares a start of the runtime; each verb also runs in a process of its own, by <see cref="ProgramRun"/>.</summary>
internal static class VerbRun
{
    private static readonly AsyncLocal<StringBuilder?> _caught = new();
    private static readonly SemaphoreSlim _one = new(1); // the options of the command line are made for one caller at a time

    static VerbRun()
    {
        Console.SetOut(new Fork(Console.Out));
        Console.SetError(new Fork(Console.Error));
    }

    /// <summary>Runs to the end; gives the exit code and what was written, both streams.</summary>
    public static async Task<(int Code, string Text)> ToEnd(params string[] arguments)
    {
        var text = new StringBuilder();
        _caught.Value = text;
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var code = await CommandTree.Run(arguments, TimeProvider.System);
            lock (text)
                return (code, text.ToString());
        }
        finally
        {
            _one.Release();
        }
    }

    // To whoever called for the verb; what others write goes where it went.
    private sealed class Fork(TextWriter otherwise) : TextWriter
    {
        public override Encoding Encoding => otherwise.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            if (_caught.Value is not { } text)
                otherwise.Write(value);
            else
                lock (text)
                    text.Append(value);
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void Flush() => otherwise.Flush();
    }
}
