using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Backup;

/// <summary>A backup: a tar of files, compressed, sealed. The last entry says the SHA-256 of each.</summary>
internal static class BackupFile
{
    private const string Sums = "SHA256SUMS";

    /// <summary>Writes the files of a folder into a backup.</summary>
    public static async Task Write(string folder, IEnumerable<string> names, Stream to, byte[] key, CancellationToken ct)
    {
        await using var seal = new SealingStream(to, key);
        await using var small = new GZipStream(seal, CompressionLevel.Fastest);
        await using var tar = new TarWriter(small);
        var sums = new StringBuilder();
        foreach (var name in names)
        {
            var file = Path.Combine(folder, name);
            sums.Append(await Sum(file, ct)).Append("  ").Append(name).Append('\n');
            await tar.WriteEntryAsync(file, name, ct);
        }
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Sums) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(sums.ToString())) }, ct);
    }

    /// <summary>Unpacks a backup into a folder and compares the sums; null reads and compares only, keeping nothing. Fails with <see cref="Failure.Conflict"/> when it is not whole or the key is another one.</summary>
    public static async Task<Outcome<int>> Read(Stream from, byte[] key, string? folder, CancellationToken ct)
    {
        try
        {
            await using var open = new UnsealingStream(from, key);
            await using var large = new GZipStream(open, CompressionMode.Decompress);
            await using var tar = new TarReader(large);
            var found = await Entries(tar, folder, ct);
            // To the very end: only the last chunk says that nothing was cut off.
            await open.CopyToAsync(Stream.Null, ct);
            return found.Remove(Sums, out var said) && found.Count > 0 && said == Said(found) ? found.Count : new Failure.Conflict("The backup is not whole: its sums do not fit.");
        }
        catch (InvalidDataException trouble)
        {
            return new Failure.Conflict($"The backup cannot be read. {trouble.Message}");
        }
    }

    // The sums of the files, and the text of the list of sums.
    private static async Task<SortedDictionary<string, string>> Entries(TarReader tar, string? folder, CancellationToken ct)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            if (entry.EntryType is not TarEntryType.RegularFile || entry.Name != Path.GetFileName(entry.Name) || entry.DataStream is not { } data)
                throw new InvalidDataException("It holds what no backup holds.");
            found[entry.Name] = entry.Name == Sums ? await Text(data, ct) : await Keep(data, folder is null ? null : Path.Combine(folder, entry.Name), ct);
        }
        return found;
    }

    private static async Task<string> Text(Stream data, CancellationToken ct)
    {
        using var reader = new StreamReader(data, Encoding.ASCII);
        return await reader.ReadToEndAsync(ct);
    }

    private static async Task<string> Keep(Stream data, string? file, CancellationToken ct)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var to = file is null ? Stream.Null : OwnerOnly.New(file);
        var buffer = new byte[1 << 17];
        for (int read; (read = await data.ReadAsync(buffer, ct)) > 0;)
        {
            sum.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        if (to is FileStream kept)
            kept.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(sum.GetCurrentHash());
    }

    private static string Said(SortedDictionary<string, string> found) => string.Concat(found.Select(file => $"{file.Value}  {file.Key}\n"));

    private static async Task<string> Sum(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
