using System.Net.Sockets;
using CouponGrains.Domain;
using Npgsql;

namespace CouponGrains.FrontEnd;

/// <summary>The database in which the silos of the cluster stand.</summary>
internal static class ClusterDatabase
{
    /// <summary>Seconds for which a list of the silos is waited for.</summary>
    private const int Seconds = 5;

    /// <summary>The connection string, with short waits where it leaves them open: the list of the silos is soon asked
    /// for again, on a new connection where the network of the old one is dead.</summary>
    public static string Brief(string connectionString)
    {
        var to = Parse(connectionString);
        to.Timeout = to.ShouldSerialize("Timeout") ? to.Timeout : Seconds;
        to.CommandTimeout = to.ShouldSerialize("Command Timeout") ? to.CommandTimeout : Seconds;
        return to.ConnectionString;
    }

    /// <summary>Reaches it once, so that a wrong connection string ends the start instead of looking like a cluster
    /// without silos. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/> or
    /// <see cref="RefusalCodes.StoreUnreachable"/>; neither repeats the string, which may hold a password.</summary>
    public static async Task Require(string connectionString)
    {
        var to = Parse(connectionString);
        try
        {
            await using var source = NpgsqlDataSource.Create(to);
            await using var connection = await source.OpenConnectionAsync();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new RefusedException(
                RefusalCodes.BadOption, $"The connection string can't be used: {OneLine(e.Message)}");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or SocketException)
        {
            var why = e is PostgresException said ? said.MessageText : (e.InnerException ?? e).Message;
            throw new RefusedException(RefusalCodes.StoreUnreachable,
                $"The database {to.Database ?? to.Username} at {to.Host}:{to.Port} can't be used: {OneLine(why)}");
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrWhiteSpace(to.Host)
                ? throw new RefusedException(RefusalCodes.BadOption, "The connection string names no Host.")
                : to;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new RefusedException(RefusalCodes.BadOption, "The connection string is not one that Npgsql reads: "
                + "it is a list of Name=Value with ';' between, for example Host=db;Database=shop;Username=shop.");
        }
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
