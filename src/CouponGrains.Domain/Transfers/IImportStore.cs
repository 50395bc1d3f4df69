using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Transfers;

/// <summary>Where files are kept until they are worked off.</summary>
public interface IImportStore
{
    /// <summary>Stores a new import; false if there is one with its id.</summary>
    Task<bool> Begin(FileImport import, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Stores a part of an import that is being received, from 0; the same again replaces it. False if it is
    /// not being received.</summary>
    Task<bool> Add(string id, int part, ReadOnlyMemory<byte> lines, CancellationToken cancel);

    /// <summary>An import, or null.</summary>
    Task<FileImport?> Get(string id, CancellationToken cancel);

    /// <summary>The newest first, those begun before the import <paramref name="after"/> if it is given.</summary>
    Task<IReadOnlyList<FileImport>> List(string? after, int limit, CancellationToken cancel);

    /// <summary>Those that are being received or worked off.</summary>
    Task<IReadOnlyList<string>> Open(CancellationToken cancel);

    /// <summary>A part, or null if it is not there or done.</summary>
    Task<byte[]?> Part(string id, int part, CancellationToken cancel);

    /// <summary>Stores the revision after the stored one, and in the same transaction removes the parts that are done;
    /// all, if the import is over. False if another revision is stored.</summary>
    Task<bool> Save(FileImport import, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Removes those that ended before an instant.</summary>
    Task Forget(DateTimeOffset endedBefore, CancellationToken cancel);
}
