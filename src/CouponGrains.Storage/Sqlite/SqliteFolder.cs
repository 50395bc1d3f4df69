using CouponGrains.Domain;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The data folder, held by one process as long as this object lives.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly FileStream _lock;

    private SqliteFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Creates the folder if there is none, and takes it. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.StoreInUse"/> if another process has it, and with
    /// <see cref="RefusalCodes.StoreNotWritable"/> if nothing can be written there.</summary>
    public static SqliteFolder Take(string path)
    {
        var file = System.IO.Path.Combine(path, "store.lock");
        try
        {
            Directory.CreateDirectory(path);
            return new(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(path, e.Message);
        }
        catch (IOException e) when (File.Exists(file) && IsHeld(e))
        {
            throw new RefusedException(RefusalCodes.StoreInUse,
                $"The data folder {path} is in use by another process. Stop it, or name another folder.");
        }
        catch (IOException e)
        {
            throw NotWritable(path, e.Message);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static RefusedException NotWritable(string path, string why) =>
        new(RefusalCodes.StoreNotWritable, $"The data folder {path} can't be written: {why}");

    /// <summary>True if another handle has the file: EWOULDBLOCK here, a sharing or lock violation on
    /// Windows.</summary>
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 32 or 33 or 35;
}
