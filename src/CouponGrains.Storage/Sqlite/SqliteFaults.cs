using CouponGrains.Domain;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CouponGrains.Storage.Sqlite;

/// <summary>What SQLite says about the disk and the file, told as refusals with a code.</summary>
internal static class SqliteFaults
{
    /// <summary>The refusal that <paramref name="e"/> means for the store at <paramref name="path"/>, or the exception
    /// itself where it means a fault of the program.</summary>
    public static Exception Explain(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new RefusedException(
            RefusalCodes.StoreNotWritable, $"The disk of the store {path} is full."),
        raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new RefusedException(
            RefusalCodes.StoreNotWritable, $"The store {path} can't be written: {e.Message}"),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new RefusedException(
            RefusalCodes.StoreCorrupt, $"The store {path} is damaged, or is not a store: {e.Message}"),
        _ => e,
    };
}
