using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sqlite;

/// <summary>Holds a data folder for one process: an open file that nobody else may open. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    public static Outcome<DataLock> Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new DataLock(new FileStream(Path.Combine(folder, "store.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return new Failure.Conflict("The data folder is in use by another process, such as a running server, or cannot be written. Stop that process, or choose another folder with --data.");
        }
        catch (UnauthorizedAccessException)
        {
            return new Failure.Conflict("The data folder cannot be written by this user. Choose another one with --data.");
        }
    }

    public void Dispose() => _file.Dispose();
}
