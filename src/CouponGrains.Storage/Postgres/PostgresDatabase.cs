using System.Data;
using System.Runtime.CompilerServices;
using CouponGrains.Domain;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>The connections to one database, and how reads and writes are run on them.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>The database, as those who watch it name it.</summary>
    public const string Dialect = "postgresql";

    private const int Tries = 12;
    private const int ConnectionsMax = 40;
    private const int PreparedMax = 120;

    /// <summary>Seconds after which a statement that says nothing is given up, so that a connection whose network is
    /// dead is found. What may take longer runs in a <see cref="PostgresSession.Patient"/> session.</summary>
    private const int StatementSeconds = 10;

    private const int ConnectSeconds = 5;

    /// <summary>What the server is asked to do for each session. One whose client is cut off is ended after about 10 s.
    /// One whose client stands still within a transaction is ended after 2 s: others wait for its locks, to append an
    /// event all of them, and each of its sessions that wait too would be the next to hold them.</summary>
    private const string SessionOptions =
        "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000 "
        + "-c idle_in_transaction_session_timeout=2000";

    private readonly TimeProvider _time;
    private int _disposed;

    private PostgresDatabase(NpgsqlDataSource source, TimeProvider time)
    {
        Source = source;
        _time = time;
    }

    /// <summary>The pool; also Orleans' providers take their connections from it.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Reads a connection string, without using it yet. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>, which does not repeat the string: it may hold a password.</summary>
    public static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrWhiteSpace(parsed.Host))
            {
                throw new RefusedException(RefusalCodes.BadOption, "The connection string names no Host.");
            }

            parsed.ApplicationName ??= "coupongrains";
            Default(parsed, "Maximum Pool Size", ConnectionsMax);
            Default(parsed, "Max Auto Prepare", PreparedMax);
            Default(parsed, "Auto Prepare Min Usages", 2);
            Default(parsed, "Timeout", ConnectSeconds);
            Default(parsed, "Command Timeout", StatementSeconds);
            Default(parsed, "Options", SessionOptions);
            return parsed;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new RefusedException(RefusalCodes.BadOption, "The connection string is not one that Npgsql reads: "
                + "it is a list of Name=Value with ';' between, for example Host=db;Database=shop;Username=shop.");
        }
    }

    /// <summary>Makes the pool, without using it yet. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/> for options that do not go together.</summary>
    public static PostgresDatabase Connect(NpgsqlConnectionStringBuilder to, TimeProvider time)
    {
        try
        {
            return new(new NpgsqlDataSourceBuilder(to.ConnectionString).Build(), time);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw PostgresFaults.ExplainOpening(e, to);
        }
    }

    /// <summary>Runs a read of one statement. <paramref name="name"/> names its span.</summary>
    public async Task<T> Read<T>(
        Func<PostgresSession, Task<T>> read, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        using var span = StoreTelemetry.Operation(Dialect, name);
        return await Retry(async () =>
        {
            await using var connection = await Source.OpenConnectionAsync(cancel);
            return await read(new(connection, cancel));
        }, cancel);
    }

    /// <summary>Runs a read of several statements, which all see one moment of the store.</summary>
    public async Task<T> ReadMoment<T>(
        Func<PostgresSession, Task<T>> read, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        using var span = StoreTelemetry.Operation(Dialect, name);
        return await Retry(async () =>
        {
            await using var connection = await Source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var result = await read(new(connection, cancel));
            await transaction.CommitAsync(cancel);
            return result;
        }, cancel);
    }

    /// <summary>Runs <paramref name="write"/> in a transaction and answers after its commit. Tried again, as often as
    /// makes sense, if others were in its way or the connection was lost before the commit was asked for. If it is
    /// lost later, nobody knows the outcome: refused with <see cref="RefusalCodes.Unavailable"/>, and the caller asks
    /// again with his key.</summary>
    public async Task<T> Write<T>(
        Func<PostgresSession, Task<T>> write, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        using var span = StoreTelemetry.Operation(Dialect, name);
        return await Retry(async () =>
        {
            await using var connection = await Source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var result = await write(new(connection, cancel));
            await Commit(transaction);
            return result;
        }, cancel);
    }

    /// <summary>Runs <paramref name="work"/> on a connection of its own, each statement a transaction, once.</summary>
    public async Task<T> Hold<T>(
        Func<PostgresSession, Task<T>> work, CancellationToken cancel, Func<Exception, Exception>? explain = null)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancel);
            return await work(new(connection, cancel));
        }
        catch (Exception e) when ((explain ?? PostgresFaults.Explain)(e) is RefusedException refused
            && !ReferenceEquals(e, refused))
        {
            throw refused;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Source.DisposeAsync();
        }
    }

    /// <summary>Not cancelled any more: the outcome would be unknown.</summary>
    private async Task Commit(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (PostgresFaults.IsLost(e))
        {
            Source.Clear();
            throw PostgresFaults.Explain(e);
        }
    }

    private async Task<T> Retry<T>(Func<Task<T>> run, CancellationToken cancel)
    {
        for (var tried = 1; ; tried++)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            cancel.ThrowIfCancellationRequested();
            try
            {
                return await run();
            }
            catch (Exception e) when (PostgresFaults.IsTransient(e) && tried < Tries)
            {
                // Whoever was in the way has gone on.
            }
            catch (Exception e) when (PostgresFaults.IsLost(e) && tried < Tries / 4)
            {
                // Connections of a server that was started anew are found dead one by one: they are all given up.
                Source.Clear();
                await Task.Delay(TimeSpan.FromMilliseconds(50 * tried), _time, cancel);
            }
            catch (Exception e) when (PostgresFaults.Explain(e) is RefusedException refused
                && !ReferenceEquals(e, refused))
            {
                throw refused;
            }
        }
    }

    /// <summary>Sets what the string leaves open. Its builder contains every option there is; what was given is what it
    /// would write.</summary>
    private static void Default(NpgsqlConnectionStringBuilder to, string key, object value)
    {
        if (!to.ShouldSerialize(key))
        {
            to[key] = value;
        }
    }
}
