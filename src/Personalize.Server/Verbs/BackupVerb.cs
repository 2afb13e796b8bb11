using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;
using Personalize.Store.Sqlite;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>backup</c>: one state of the store, checked, sealed, and read back. A server may go on writing meanwhile.</summary>
internal static class BackupVerb
{
    // What belongs to the data beside the store, in the order of their names. Keys, tokens and sessions stay behind: new ones are made.
    private static readonly string[] _beside = ["loaded.txt", "samples.loaded"];

    /// <summary>Backs up the data folder of the settings: 0 when the backup is there and the store is sound, 1 when it is there and the check found something, 2 without a key, 3 when it could not be made.</summary>
    public static async Task<int> Run(string file, LaunchSettings settings, Outcome<byte[]> given, CancellationToken ct)
    {
        if (!given.TryGet(out var key, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Usage);
        if (File.Exists(file))
            return await CommandTree.Refuse(new Failure.Conflict($"{file} is there already."), ExitCode.Unreachable);
        if (!OwnerOnly.Folder(settings.Data).Then(Restored.Finished).TryGet(out var data, out failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        // In the data folder, since the copy is as secret as the store.
        var copy = Directory.CreateDirectory(Path.Combine(data, $"backup-{Guid.NewGuid():n}")).FullName;
        try
        {
            return await Make(data, copy, file, key, ct);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return await CommandTree.Refuse(new Failure.Conflict($"The backup cannot be written to {file}, or its copy into {data}: no room, or no right to."), ExitCode.Unreachable);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static async Task<int> Make(string data, string copy, string file, byte[] key, CancellationToken ct)
    {
        if (!StoreCopy.Make(data, copy).Then(_ => CheckVerb.Of(copy, ct)).TryGet(out var report, out var failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        var beside = _beside.Where(name => File.Exists(Path.Combine(data, name))).ToList();
        beside.ForEach(name => File.Copy(Path.Combine(data, name), Path.Combine(copy, name)));
        if (!(await Sealed([.. beside, "store.db"], copy, file, key, ct)).TryGet(out var bytes, out failure))
            return await CommandTree.Refuse(failure, ExitCode.Unreachable);
        CheckVerb.Tell(report);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {bytes} bytes, sealed and read back"));
        return report.IsSound ? ExitCode.Fine : ExitCode.Failed;
    }

    /// <summary>Written aside and read back before it takes its name.</summary>
    private static async Task<Outcome<long>> Sealed(string[] names, string folder, string file, byte[] key, CancellationToken ct)
    {
        var aside = file + ".part";
        File.Delete(aside);
        await using var stream = OwnerOnly.New(aside);
        await BackupFile.Write(folder, names.Order(StringComparer.Ordinal), stream, key, ct);
        stream.Flush(flushToDisk: true);
        stream.Position = 0;
        if (!(await BackupFile.Read(stream, key, null, ct)).TryGet(out _, out var failure))
            return failure;
        File.Move(aside, file);
        return stream.Length;
    }
}
