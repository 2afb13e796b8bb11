using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>restore</c>: a backup into an empty data folder, and a check of what came out.</summary>
internal static class RestoreVerb
{
    /// <summary>Restores into the data folder of the settings: 0 when all is well, 1 when the check finds something wrong, 2 without a key, 3 when it could not be done; then the folder is empty as before.</summary>
    public static async Task<int> Run(string file, LaunchSettings settings, Outcome<byte[]> given, CancellationToken ct)
    {
        if (!given.TryGet(out var key, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Usage);
        if (!File.Exists(file))
            return await CommandTree.Refuse(new Failure.Missing($"There is no {file}."), ExitCode.Unreachable);
        if (!OwnerOnly.Folder(settings.Data).TryGet(out var data, out failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        if (Directory.EnumerateFileSystemEntries(data).Any())
            return await CommandTree.Refuse(new Failure.Conflict($"{data} is not empty; a backup is restored into an empty folder only."), ExitCode.Unreachable);
        if ((await Unpacked(file, key, data, ct)).TryGet(out var files, out failure))
            return await Checked(data, files, ct);
        return await CommandTree.Refuse(failure, ExitCode.Unreachable);
    }

    // Unpacked aside: a folder that has a store in it has all of it.
    private static async Task<Outcome<int>> Unpacked(string file, byte[] key, string data, CancellationToken ct)
    {
        var aside = Directory.CreateDirectory(Path.Combine(data, "restore.part")).FullName;
        try
        {
            await using var stream = File.OpenRead(file);
            if (!(await BackupFile.Read(stream, key, aside, ct)).TryGet(out var files, out var failure))
                return failure;
            foreach (var unpacked in Directory.GetFiles(aside).OrderBy(path => Path.GetFileName(path) == "store.db"))
                File.Move(unpacked, Path.Combine(data, Path.GetFileName(unpacked)));
            return files;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new Failure.Conflict($"{file} cannot be read, or {data} cannot be written: no room, or no right to.");
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
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
