using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The connections that read. Each read sees one moment of the store and never waits for the writer.</summary>
internal sealed class SqliteReaders(string path, int count) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _free = new(count);
    private int _disposed;

    /// <summary>Runs <paramref name="read"/> on a thread of the pool, in one read transaction. Keep it short: a long
    /// one stops the write-ahead log from being reused, so streams read page by page. <paramref name="name"/> names its
    /// span.</summary>
    public async Task<T> Read<T>(
        Func<SqliteSession, T> read, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        using var span = StoreTelemetry.Operation(SqliteStore.Dialect, name);
        await _free.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => ReadNow(read), cancel);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way, then closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _free.Dispose();
    }

    private T ReadNow<T>(Func<SqliteSession, T> read)
    {
        if (!_idle.TryTake(out var session))
        {
            session = SqliteSession.OpenReader(path);
        }

        try
        {
            session["BEGIN"].Run();
            try
            {
                return read(session);
            }
            finally
            {
                session["COMMIT"].Run();
            }
        }
        finally
        {
            _idle.Add(session);
        }
    }
}
