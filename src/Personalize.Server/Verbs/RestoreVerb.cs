using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>restore</c>: a backup into an empty data folder, and a check of what came out.</summary>
internal static class RestoreVerb
{
    /// <summary>Restores into the data folder of the settings: 0 when all is well, 1 when the check finds something wrong, 2 without a key, 3 when it could not be done; then there is nothing in the folder that counts. It may be stopped at any moment: the folder then has nothing of the backup, or all of it.</summary>
    public static async Task<int> Run(string file, LaunchSettings settings, Outcome<byte[]> given, CancellationToken ct)
    {
        if (!given.TryGet(out var key, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Usage);
        if (!File.Exists(file))
            return await CommandTree.Refuse(new Failure.Missing($"There is no {file}."), ExitCode.Unreachable);
        if (!OwnerOnly.Folder(settings.Data).Then(Restored.Finished).TryGet(out var data, out failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        if (!Restored.IsEmpty(data))
            return await CommandTree.Refuse(new Failure.Conflict($"{data} is not empty; a backup is restored into an empty folder only."), ExitCode.Unreachable);
        if ((await Unpacked(file, key, data, ct)).TryGet(out var files, out failure))
            return await Checked(data, files, ct);
        return await CommandTree.Refuse(failure, ExitCode.Unreachable);
    }

    private static async Task<Outcome<int>> Unpacked(string file, byte[] key, string data, CancellationToken ct)
    {
        try
        {
            var aside = Restored.Begin(data);
            await using var stream = File.OpenRead(file);
            if (!(await BackupFile.Read(stream, key, aside, ct)).TryGet(out var files, out var failure))
            {
                Restored.GiveUp(data);
                return failure;
            }
            Restored.Keep(data);
            return Restored.Finished(data).Select(_ => files);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Restored.GiveUp(data);
            return new Failure.Conflict($"{file} cannot be read, or {data} cannot be written: no room, or no right to.");
        }
        catch (OperationCanceledException)
        {
            Restored.GiveUp(data);
            throw;
        }
    }

    private static async Task<int> Checked(string data, int files, CancellationToken ct)
    {
        if (!CheckVerb.Of(data, ct).TryGet(out var report, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        CheckVerb.Tell(report);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{data}: {files} {(files == 1 ? "file" : "files")} restored"));
        return report.IsSound ? ExitCode.Fine : ExitCode.Failed;
    }
}
