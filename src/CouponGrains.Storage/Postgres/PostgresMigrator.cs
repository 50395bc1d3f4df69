using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CouponGrains.Domain;
using CouponGrains.Storage.Schema;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Postgres;

/// <summary>Brings a database to the newest version of its schema. Many processes may do so at once: one goes first,
/// the others wait and find it done.</summary>
internal static class PostgresMigrator
{
    /// <summary>The lock that a migrating process holds, in the database's space of advisory locks.</summary>
    private const long Lock = 0x436F_7570_6F6E_0001;

    /// <summary>Runs the steps that are missing, all in one transaction; answers the version reached. Throws <see
    /// cref="RefusedException"/> with <see cref="RefusalCodes.StoreVersionNewer"/> if a newer program has been here,
    /// with <see cref="RefusalCodes.StoreCorrupt"/> if a step was run with another content or the database is not in
    /// UTF-8, and with <see cref="RefusalCodes.StoreNotWritable"/> if the tables may only be read.</summary>
    public static Task<int> Migrate(
        PostgresDatabase database, string name, TimeProvider time, ILogger log, CancellationToken cancel) =>
        database.Write(session => Migrate(session.Patient(), name, time, log), cancel);

    private static async Task<int> Migrate(PostgresSession session, string name, TimeProvider time, ILogger log)
    {
        var steps = Migrations.In("Postgres");
        await RequireUtf8(session, name);
        await session.Run("SELECT pg_advisory_xact_lock($1)", Lock);
        await session.Run("""
            CREATE TABLE IF NOT EXISTS store_version (
              version    integer PRIMARY KEY,
              name       text NOT NULL,
              hash       text NOT NULL,
              applied_at bigint NOT NULL
            )
            """);
        var applied = await session.All(
            "SELECT version, hash FROM store_version ORDER BY version", row => (Version: row.GetInt32(0), Hash: row.GetString(1)));
        var version = applied.Count == 0 ? 0 : applied[^1].Version;
        if (version > steps.Count)
        {
            throw new RefusedException(RefusalCodes.StoreVersionNewer, string.Create(CultureInfo.InvariantCulture,
                $"The store {name} has version {version}, but this program knows versions up to {steps.Count}. ")
                + "Use the program that wrote it, or a newer one.");
        }

        foreach (var (number, hash) in applied)
        {
            if (hash != HashOf(steps[number - 1]))
            {
                throw new RefusedException(RefusalCodes.StoreCorrupt,
                    $"Step {number} of the store {name} was run by a program with another step {number}.");
            }
        }

        foreach (var step in steps.Skip(version))
        {
            await session.Run(step.Sql);
            await session.Run("INSERT INTO store_version (version, name, hash, applied_at) VALUES ($1, $2, $3, $4)",
                step.Version, step.Name, HashOf(step), time.GetUtcNow().UtcTicks);
            StorageLog.Migrated(log, name, step.Version, step.Name);
        }

        await RequireWritable(session, name);
        return steps.Count;
    }

    /// <summary>A user who may read alone is found here, and not by the first write. Tables of other owners beside the
    /// store's are none of ours.</summary>
    private static async Task RequireWritable(PostgresSession session, string name)
    {
        var barred = await session.First("""
            SELECT c.relname FROM pg_class c JOIN pg_class s ON s.oid = 'store_version'::regclass
            WHERE c.relkind = 'r' AND c.relnamespace = s.relnamespace AND c.relowner = s.relowner
              AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
            ORDER BY c.relname LIMIT 1
            """, row => row.GetString(0));
        if (barred is not null)
        {
            throw new RefusedException(RefusalCodes.StoreNotWritable,
                $"The database user may not write the table {barred} of the store {name}.");
        }
    }

    private static async Task RequireUtf8(PostgresSession session, string name)
    {
        var encoding = await session.First("SELECT current_setting('server_encoding')", row => row.GetString(0));
        if (encoding != "UTF8")
        {
            throw new RefusedException(
                RefusalCodes.StoreCorrupt, $"The database {name} is encoded in {encoding}; it must be created in UTF8.");
        }
    }

    /// <summary>SHA-256 of the step's text, whatever ends its lines.</summary>
    private static string HashOf(Migration step) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(step.Sql.ReplaceLineEndings("\n"))));
}
