using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CouponGrains.Storage.Sqlite;

/// <summary>One open connection with its prepared statements. Not thread-safe: one user at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>The statement of <paramref name="sql"/>, prepared at its first use.</summary>
    public SqliteStatement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
            {
                statement = new(Handle, sql);
                _statements.Add(sql, statement);
            }

            return statement;
        }
    }

    /// <summary>The database file.</summary>
    public string Path => _connection.DataSource;

    /// <summary>The key of the row inserted last.</summary>
    public long LastInserted => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>False where SQLite itself has undone the transaction, for example on a full disk.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    private sqlite3 Handle => _connection.Handle ?? throw new ObjectDisposedException(nameof(SqliteSession));

    /// <summary>What <paramref name="step"/> answers inside a transaction, without what it writes.</summary>
    public T Undone<T>(Func<T> step)
    {
        this["SAVEPOINT undone"].Run();
        try
        {
            return step();
        }
        finally
        {
            this["ROLLBACK TO undone"].Run();
            this["RELEASE undone"].Run();
        }
    }

    /// <summary>Opens the one connection that writes. Creates the file if there is none.</summary>
    public static SqliteSession OpenWriter(string path)
    {
        var session = Open(path, SqliteOpenMode.ReadWriteCreate);
        session.Script("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -65536;
            PRAGMA temp_store = MEMORY;
            """);
        return session;
    }

    /// <summary>Opens a connection that only reads.</summary>
    public static SqliteSession OpenReader(string path)
    {
        var session = Open(path, SqliteOpenMode.ReadWrite);
        session.Script("""
            PRAGMA query_only = ON;
            PRAGMA cache_size = -8192;
            PRAGMA temp_store = MEMORY;
            """);
        return session;
    }

    /// <summary>Runs statements once, without keeping them.</summary>
    public void Script(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(Handle, sql), Handle);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Script("PRAGMA busy_timeout = 10000;");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
