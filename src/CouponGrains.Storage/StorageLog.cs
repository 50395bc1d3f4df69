using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage;

/// <summary>The log messages of this project: event ids 2000 to 2999.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Information, "Store {Path} opened at version {Version}.")]
    public static partial void Opened(ILogger log, string path, int version);

    [LoggerMessage(2001, LogLevel.Information, "Store {Path} brought to version {Version} by {Name}.")]
    public static partial void Migrated(ILogger log, string path, int version, string name);

    [LoggerMessage(2002, LogLevel.Error, "A commit failed; the {Operations} operations in it are undone.")]
    public static partial void CommitFailed(ILogger log, Exception e, int operations);

    [LoggerMessage(2003, LogLevel.Information, "Store {Path} closed.")]
    public static partial void Closed(ILogger log, string path);

    [LoggerMessage(2004, LogLevel.Information, "Model v{Version} stored: {Bytes} bytes in {Chunks} chunks.")]
    public static partial void ModelStored(ILogger log, long version, long bytes, int chunks);

    [LoggerMessage(2005, LogLevel.Warning, "Removed {Chunks} chunks that an interrupted writer left.")]
    public static partial void OrphansRemoved(ILogger log, int chunks);

    [LoggerMessage(2006, LogLevel.Information, "Model in force: v{From} to v{To}, because {Reason}.")]
    public static partial void Promoted(ILogger log, long from, long to, string reason);

    [LoggerMessage(2007, LogLevel.Critical, "A failed write could not be undone; nothing is written until the store is opened again.")]
    public static partial void UndoFailed(ILogger log, Exception e);

    [LoggerMessage(2008, LogLevel.Warning, "A batch of {Requests} requests failed; each is tried alone.")]
    public static partial void BatchDivided(ILogger log, Exception e, int requests);
}
