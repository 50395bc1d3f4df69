using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Where Orleans keeps grain state: a SQLite file beside the store, with the tables and statements that its
/// ADO.NET provider asks for. A file of its own, so that the two never wait for each other. Hand this to the provider
/// as its data source, with <see cref="Invariant"/>.</summary>
/// <remarks>A written state survives a killed process. After a power cut the last moments may be missing, never torn:
/// grain state is a snapshot that can be rebuilt, and waiting for the disk at each write is left to the
/// store.</remarks>
public sealed class SqliteGrainStore : DbDataSource
{
    /// <summary>The name of the database file in the data folder.</summary>
    public const string FileName = "grains.db";

    /// <summary>The name by which Orleans' ADO.NET provider knows SQLite.</summary>
    public const string Invariant = "System.Data.SQLite";

    private SqliteGrainStore(string connectionString) => ConnectionString = connectionString;

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <summary>Creates the file in the data folder or brings it to this program's version. Open the
    /// <see cref="SqliteStore"/> of the folder first: it takes the folder for this process. Throws
    /// <see cref="Domain.RefusedException"/> as that does.</summary>
    public static SqliteGrainStore Prepare(string folder, TimeProvider time, ILoggerFactory logs)
    {
        var path = Path.Combine(folder, FileName);
        var log = logs.CreateLogger<SqliteGrainStore>();
        try
        {
            using var session = SqliteSession.OpenWriter(path);
            var version = SqliteMigrator.Migrate(session, path, "SqliteGrains", time, log);
            StorageLog.Opened(log, path, version);
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Explain(e, path);
        }

        return new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
    }

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += SetUp;
        return connection;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(disposing: true);
        return base.DisposeAsyncCore();
    }

    /// <summary>Lets SQLite wait for a lock, in steps of a millisecond; the driver's own waiting steps are 150
    /// ms.</summary>
    private static void SetUp(object sender, StateChangeEventArgs e)
    {
        if (e.CurrentState == ConnectionState.Open)
        {
            using var command = ((SqliteConnection)sender).CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL";
            command.ExecuteNonQuery();
        }
    }
}
