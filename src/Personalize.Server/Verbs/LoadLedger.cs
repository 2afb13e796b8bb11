using System.Security.Cryptography;
using System.Text;

namespace Personalize.Server.Verbs;

/// <summary>Remembers which files were finished where, by the hash of their bytes: one line a file, appended when it is done.</summary>
internal sealed class LoadLedger
{
    private readonly string _file;
    private readonly string _place;
    private readonly HashSet<string> _finished;

    private LoadLedger(string file, string place)
    {
        (_file, _place) = (file, place);
        _finished = File.Exists(file) ? [.. File.ReadLines(file)] : [];
    }

    /// <summary>The ledger of a data folder: it goes where the data goes.</summary>
    public static LoadLedger OfFolder(string dataFolder) => new(Path.Combine(dataFolder, "loaded.txt"), "");

    /// <summary>The ledger of this user for a server.</summary>
    public static LoadLedger OfServer(Uri fhirBase)
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "personalize");
        return new LoadLedger(Path.Combine(folder, "loaded.txt"), fhirBase.AbsoluteUri + "\n");
    }

    /// <summary>The name under which a content is remembered.</summary>
    public string Name(ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(_place));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>True when it was finished before.</summary>
    public bool Has(string name) => _finished.Contains(name);

    /// <summary>Remembers it.</summary>
    public void Add(string name)
    {
        if (!_finished.Add(name))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        File.AppendAllText(_file, name + "\n");
    }
}
