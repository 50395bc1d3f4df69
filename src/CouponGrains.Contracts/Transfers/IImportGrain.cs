using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Contracts.Transfers;

/// <summary>One file that is taken up and then worked off; the key is its id.</summary>
[Alias("cg.import"), GrainInterfaceType("cg.import")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Begins to receive a file. Begun before, the same.</summary>
    [Alias("begin")]
    Task<Answer<FileImport>> Begin(ImportKind kind, CancellationToken cancel = default);

    /// <summary>Stores a part of the file; the parts are numbered from 0 without a gap.</summary>
    [Alias("add")]
    Task<Answer<FileImport>> Add(int number, ImportPart part, CancellationToken cancel = default);

    /// <summary>The file is there: from now on it is worked off.</summary>
    /// <param name="parts">How many parts it has.</param>
    /// <param name="total">How many lines it has.</param>
    /// <param name="unread">The lines that could not be read, which are in no part.</param>
    /// <param name="cancel">Stops waiting.</param>
    [Alias("received")]
    Task<Answer<FileImport>> Received(int parts, long total, ImportCounts unread, CancellationToken cancel = default);

    /// <summary>How far it is.</summary>
    [Alias("show")]
    Task<Answer<FileImport>> Show(CancellationToken cancel = default);

    /// <summary>Stops it. What was taken in stays; after its end nothing changes.</summary>
    [Alias("cancel")]
    Task<Answer<FileImport>> Cancel(CancellationToken cancel = default);
}

/// <summary>Lines of a file that could be read, all of one kind: one of the lists has as many entries as
/// <paramref name="Lines"/>, the others none.</summary>
/// <param name="Lines">The number of each line.</param>
/// <param name="Events">Events.</param>
/// <param name="Items">Items.</param>
/// <param name="Users">Users.</param>
[GenerateSerializer, Immutable, Alias("cg.import-part")]
public sealed record ImportPart(
    [property: Id(0)] IReadOnlyList<long> Lines, [property: Id(1)] IReadOnlyList<UserEvent> Events,
    [property: Id(2)] IReadOnlyList<Item> Items, [property: Id(3)] IReadOnlyList<UserRecord> Users);
