using System.Net.Sockets;
using CouponGrains.Domain;
using CouponGrains.Storage.Postgres.Ledger;
using Npgsql;

namespace CouponGrains.Storage.Postgres;

/// <summary>What the server and the network say, told as refusals with a code. Messages of the server name users and
/// databases, never passwords.</summary>
internal static class PostgresFaults
{
    /// <summary>True if the same transaction may well succeed when it is run again: also where somebody else wrote the
    /// same key meanwhile, for then it finds it.</summary>
    public static bool IsTransient(Exception e) => e is LeaseSpentException or RowNotReadException or PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>The server ended a session that stood still within a transaction; the driver has no name for
    /// it.</summary>
    private const string StoodStill = "25P03";

    /// <summary>True if the connection is gone or could not be had.</summary>
    public static bool IsLost(Exception e) => e switch
    {
        PostgresException p => p.SqlState.StartsWith("08", StringComparison.Ordinal) || p.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or StoodStill,
        NpgsqlException n => n.InnerException is IOException or SocketException or TimeoutException,
        TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The refusal that <paramref name="e"/> means while the store is open, or the exception itself where it
    /// means a fault of the program.</summary>
    public static Exception Explain(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new RefusedException(
            RefusalCodes.StoreNotWritable, "The disk of the database is full."),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => new RefusedException(
            RefusalCodes.StoreNotWritable, "The database may only be read."),
        _ when IsLost(e) => new RefusedException(
            RefusalCodes.Unavailable, "The database does not answer; try again, with the same key where there is one."),
        _ => e,
    };

    /// <summary>The refusal that <paramref name="e"/> means while the store is being opened.</summary>
    public static Exception ExplainOpening(Exception e, NpgsqlConnectionStringBuilder to) => e switch
    {
        PostgresException p => Unreachable(to, OneLine(p.MessageText)),
        NpgsqlException or TimeoutException or IOException or SocketException =>
            Unreachable(to, OneLine((e.InnerException ?? e).Message)),
        ArgumentException or NotSupportedException => new RefusedException(
            RefusalCodes.BadOption, $"The connection string can't be used: {OneLine(e.Message)}"),
        _ => e,
    };

    private static RefusedException Unreachable(NpgsqlConnectionStringBuilder to, string why) => new(
        RefusalCodes.StoreUnreachable,
        $"The database {NameOf(to)} can't be used: {why}");

    /// <summary>What people call a database.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder to) =>
        (to.Database ?? to.Username) is { } name ? $"{name} at {to.Host}:{to.Port}" : $"at {to.Host}:{to.Port}";

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
