using CouponGrains.Domain;
using CouponGrains.Storage.Schema;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Brings a database to the newest version of its schema.</summary>
internal static class SqliteMigrator
{
    /// <summary>Runs the steps that are missing, each in one transaction; answers the version reached. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.StoreVersionNewer"/> if a newer program has been
    /// here.</summary>
    public static int Migrate(SqliteSession session, string path, string folder, TimeProvider time, ILogger log)
    {
        var steps = Migrations.In(folder);
        session.Script("""
            CREATE TABLE IF NOT EXISTS store_version (
              version    INTEGER PRIMARY KEY,
              name       TEXT    NOT NULL,
              applied_at INTEGER NOT NULL
            ) STRICT;
            """);
        var version = session["SELECT coalesce(max(version), 0) FROM store_version"].First(row => row.Int32(0));
        if (version > steps.Count)
        {
            throw new RefusedException(RefusalCodes.StoreVersionNewer,
                $"The store {path} has version {version}, but this program knows versions up to {steps.Count}. "
                + "Use the program that wrote it, or a newer one.");
        }

        foreach (var step in steps.Skip(version))
        {
            session.Script("BEGIN IMMEDIATE");
            session.Script(step.Sql);
            session["INSERT INTO store_version (version, name, applied_at) VALUES (?, ?, ?)"]
                .Bind(step.Version).Bind(step.Name).Bind(time.GetUtcNow()).Run();
            session.Script("COMMIT");
            StorageLog.Migrated(log, path, step.Version, step.Name);
        }

        return steps.Count;
    }
}
