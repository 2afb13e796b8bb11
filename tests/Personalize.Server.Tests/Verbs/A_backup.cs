using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Personalize.Server.Backup;

namespace Personalize.Server.Tests.Verbs;

public sealed class A_backup : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly TempFolder _folder = new();

    private string Data => _folder.At("data");

    private string KeyFile
    {
        get
        {
            var file = _folder.At("backup.key");
            if (!File.Exists(file))
            {
                using var stream = OwnerOnly.New(file);
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(Key) + "\n"));
            }
            return file;
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int Code, string Text)> Personalize(string verb, string file, string data) => VerbRun.ToEnd(Command(verb, file, data));

    private string[] Command(string verb, string file, string data) => [verb, file, "--launch", "open", "--data", data, "--key-file", KeyFile];

    [Fact]
    public async Task Is_made_while_a_server_writes_and_restores_every_answered_commit()
    {
        var port = Loopback.FreePort();
        await using var server = ProgramRun.Start("serve", "--launch", "open", "--urls", $"http://127.0.0.1:{port}", "--data", Data);
        await server.Listening();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/fhir/") };
        using var stop = new CancellationTokenSource();
        var before = await Write(http, 0, 50, CancellationToken.None);
        var writing = Write(http, 50, int.MaxValue, stop.Token);
        var (code, text) = await ProgramRun.ToEnd(Command("backup", _folder.At("b"), Data));
        await stop.CancelAsync();
        var after = await writing;
        Assert.True(code == 0, text);
        Assert.Contains("all is well", text, StringComparison.Ordinal);
        Assert.Equal(0, await server.Stop());

        (code, text) = await ProgramRun.ToEnd(Command("restore", _folder.At("b"), _folder.At("restored")));
        Assert.True(code == 0, text);
        await using var again = await RunningServer.Start(s => s with { Data = _folder.At("restored") });
        var count = (await again.Http.Ask("GET", "Basic?_summary=count").Good()).GetProperty("total").GetInt32();
        Assert.InRange(count, before, after);
        Assert.True(after > before, "nothing was written meanwhile");
    }

    [Fact]
    public async Task Is_restored_whole_or_not_at_all_when_the_restore_is_stopped()
    {
        await using (var room = StoreRoom.Open(new LaunchSettings { Data = Data }, TimeProvider.System).Value.Store)
            Assert.Equal(0, room.T);
        await File.WriteAllTextAsync(Path.Combine(Data, "loaded.txt"), "x\n", TestContext.Current.CancellationToken);
        var file = _folder.At("b");
        var (code, text) = await Personalize("backup", file, Data);
        Assert.True(code == 0, text);

        // Stopped while it was unpacked: nothing counts, and the next one begins anew.
        var target = OwnerOnly.Folder(_folder.At("target")).Value;
        await File.WriteAllTextAsync(Path.Combine(Restored.Begin(target), "loaded.txt"), "half", TestContext.Current.CancellationToken);
        (code, text) = await Personalize("restore", file, target);
        Assert.True(code == 0, text);
        Assert.Equal(["loaded.txt", "store.db"], Names(target));

        // Stopped between the files: whoever opens the folder goes on.
        var moved = OwnerOnly.Folder(_folder.At("moved")).Value;
        File.Copy(Path.Combine(target, "store.db"), Path.Combine(Restored.Begin(moved), "store.db"));
        Restored.Keep(moved);
        await File.WriteAllTextAsync(Path.Combine(moved, "loaded.txt"), "x\n", TestContext.Current.CancellationToken);
        (code, text) = await Personalize("restore", file, moved);
        Assert.True(code == 3 && text.Contains("not empty", StringComparison.Ordinal), text);
        Assert.Equal(["loaded.txt", "store.db"], Names(moved));
        (code, text) = await VerbRun.ToEnd("check", "--launch", "open", "--data", moved);
        Assert.True(code == 0, text);
    }

    private static IEnumerable<string?> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal);

    [Fact]
    public async Task Is_not_restored_over_anything_and_not_with_another_key_nor_when_it_was_touched()
    {
        await using (var room = StoreRoom.Open(new LaunchSettings { Data = Data }, TimeProvider.System).Value.Store)
            Assert.Equal(0, room.T);
        var file = _folder.At("b");
        var (code, text) = await Personalize("backup", file, Data);
        Assert.True(code == 0, text);
        (code, text) = await Personalize("restore", file, Data);
        Assert.True(code == 3 && text.Contains("not empty", StringComparison.Ordinal), text);
        (code, text) = await Personalize("backup", file, Data);
        Assert.True(code == 3 && text.Contains("there already", StringComparison.Ordinal), text);

        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        (code, text) = await Personalize("restore", file, _folder.At("touched"));
        Assert.True(code == 3 && text.Contains("altered", StringComparison.Ordinal), text);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.At("touched")));
        Assert.Equal(["b", "backup.key", "data", "touched"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Of_a_store_that_is_wrong_is_made_and_says_so()
    {
        await using (var room = StoreRoom.Open(new LaunchSettings { Data = Data }, TimeProvider.System).Value.Store)
            Assert.Equal(0, room.T);
        using (var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Data, "store.db"), Pooling = false }.ToString()))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "INSERT INTO fact(patient, bytes, t) VALUES(4711, x'00', 0)";
            command.ExecuteNonQuery();
        }
        var (code, text) = await Personalize("backup", _folder.At("b"), Data);
        Assert.True(code == 1 && text.Contains("derived: table fact", StringComparison.Ordinal) && File.Exists(_folder.At("b")), text);
        (code, text) = await ProgramRun.ToEnd("check", "--launch", "open", "--data", Data);
        Assert.True(code == 1 && text.Contains("1 wrong", StringComparison.Ordinal), text);
    }

    [Fact]
    public void Takes_its_key_from_outside_alone()
    {
        var wide = _folder.At("wide.key");
        File.WriteAllText(wide, Convert.ToBase64String(Key));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(wide, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", BackupKey.Read(null, wide).Failure!.Issues[0].Text, StringComparison.Ordinal);
        }
        Assert.Equal(Key, BackupKey.Read(null, KeyFile).Value);
        Assert.Contains("PERSONALIZE_NO_SUCH_KEY is not set", BackupKey.Read("PERSONALIZE_NO_SUCH_KEY", null).Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.Contains("is no key", BackupKey.Read("PATH", null).Failure!.Issues[0].Text, StringComparison.Ordinal);
        Assert.NotNull(BackupKey.Read("PATH", KeyFile).Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealedFormat.ChunkBytes - 1)]
    [InlineData(SealedFormat.ChunkBytes)]
    [InlineData(SealedFormat.ChunkBytes + 1)]
    [InlineData(SealedFormat.ChunkBytes * 3)]
    public void Opens_to_what_was_sealed(int length)
    {
        var content = Bytes(length);
        Assert.Equal(content, Open(Seal(content), Key));
        Assert.NotEqual(Seal(content)[SealedFormat.HeadBytes..], Seal(content)[SealedFormat.HeadBytes..]);
    }

    [Fact]
    public void Does_not_open_when_any_part_is_gone_moved_doubled_or_changed()
    {
        const int Chunk = SealedFormat.ChunkBytes + SealedFormat.TagBytes;
        const int Head = SealedFormat.HeadBytes;
        var whole = Seal(Bytes(3 * SealedFormat.ChunkBytes));
        Fails(whole[..^1]);
        Fails(whole[..(Head + 2 * Chunk)]); // whole chunks, without the last
        Fails(whole[..Head]);
        Fails(whole[..9]);
        Fails([.. whole, 0]);
        Fails([.. whole, .. whole[Head..]]);
        Fails([.. whole[..Head], .. whole[(Head + Chunk)..]]);
        Fails([.. whole[..Head], .. whole[(Head + Chunk)..(Head + 2 * Chunk)], .. whole[Head..(Head + Chunk)], .. whole[(Head + 2 * Chunk)..]]);
        foreach (var at in new[] { 0, 8, Head - 1, Head, Head + Chunk - 1, whole.Length - 1 })
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            Fails(changed);
        }
        Assert.Throws<InvalidDataException>(() => Open(whole, RandomNumberGenerator.GetBytes(32)));
    }

    private static void Fails(byte[] file) => Assert.Throws<InvalidDataException>(() => Open(file, Key));

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Seal(byte[] content)
    {
        using var file = new MemoryStream();
        using (var seal = new SealingStream(file, Key))
            for (var at = 0; at < content.Length; at += 100_000)
                seal.Write(content.AsSpan(at, Math.Min(100_000, content.Length - at)));
        return file.ToArray();
    }

    private static byte[] Open(byte[] file, byte[] key)
    {
        using var open = new UnsealingStream(new MemoryStream(file), key);
        using var content = new MemoryStream();
        open.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Puts one after the other until told to stop; gives how many were answered in all.</summary>
    private static async Task<int> Write(HttpClient http, int from, int until, CancellationToken stop)
    {
        var at = from;
        for (; at < until && !stop.IsCancellationRequested; at++)
        {
            var id = at.ToString(CultureInfo.InvariantCulture);
            await http.Ask("PUT", $"Basic/b{id}", $$"""{"resourceType":"Basic","id":"b{{id}}","code":{"text":"x"} }""").Good(System.Net.HttpStatusCode.Created);
        }
        return at;
    }
}
