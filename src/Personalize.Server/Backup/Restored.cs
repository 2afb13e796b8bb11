using Personalize.Fhir.Primitives;

namespace Personalize.Server.Backup;

/// <summary>What a restore brings into a data folder, whole or not at all. It is unpacked into a folder inside, which takes another name when all is there: that one step decides.
/// What was stopped behind it is brought to its end by whoever opens the data folder next; what was stopped before counts for nothing.</summary>
internal static class Restored
{
    private const string Unpacking = "restore.part";
    private const string Whole = "restore.whole";

    /// <summary>True for a folder with nothing in it but the rest of a restore that was stopped.</summary>
    public static bool IsEmpty(string data) => Directory.EnumerateFileSystemEntries(data).All(entry => Path.GetFileName(entry) == Unpacking);

    /// <summary>An empty folder to unpack into.</summary>
    public static string Begin(string data)
    {
        GiveUp(data);
        return Directory.CreateDirectory(Path.Combine(data, Unpacking)).FullName;
    }

    /// <summary>Takes away what was unpacked so far.</summary>
    public static void GiveUp(string data)
    {
        var aside = Path.Combine(data, Unpacking);
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
    }

    /// <summary>All is unpacked: from here on it counts.</summary>
    public static void Keep(string data) => Directory.Move(Path.Combine(data, Unpacking), Path.Combine(data, Whole));

    /// <summary>Brings a restore that counts to its end; nothing to do when there is none. Fails with <see cref="Failure.Conflict"/> when the folder cannot be written.</summary>
    public static Outcome<string> Finished(string data)
    {
        var whole = Path.Combine(data, Whole);
        if (!Directory.Exists(whole))
            return data;
        try
        {
            // The store last: a folder that has one has all that belongs to it.
            foreach (var file in Directory.GetFiles(whole).OrderBy(file => Path.GetFileName(file) == "store.db"))
                File.Move(file, Path.Combine(data, Path.GetFileName(file)));
            Directory.Delete(whole);
            return data;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new Failure.Conflict($"A backup is unpacked in {whole} and cannot be moved into {data}: the folder cannot be written, or has such files already.");
        }
    }
}
