namespace CouponGrains.Domain.Transfers;

/// <summary>What the lines of a file are. The numbers are stored: never reuse one.</summary>
public enum ImportKind
{
    /// <summary>What users did.</summary>
    Events = 1,

    /// <summary>The catalog.</summary>
    Items = 2,

    /// <summary>What is known of users.</summary>
    Users = 3,
}

/// <summary>Where an import stands. The numbers are stored: never reuse one.</summary>
public enum ImportState
{
    /// <summary>Its file is still coming in; nothing of it is done.</summary>
    Receiving = 1,

    /// <summary>Its file is stored, and is worked off.</summary>
    Running = 2,

    /// <summary>Every line was taken in or refused.</summary>
    Done = 3,

    /// <summary>Somebody stopped it, or its sender went before the end of the file; what was taken in stays.</summary>
    Cancelled = 4,

    /// <summary>It can't go on; what was taken in stays, and the last of <see cref="FileImport.Errors"/> tells
    /// why.</summary>
    Failed = 5,
}

/// <summary>Why a line was refused.</summary>
/// <param name="Line">Its number, from 1; where a text of a CSV file has several lines, that of the first. 0 for the
/// file as a whole.</param>
/// <param name="Pointer">Where in it (RFC 6901), or null.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">For people.</param>
public sealed record ImportFault(long Line, string? Pointer, string Code, string Detail)
{
    /// <summary>The fault of a refused line.</summary>
    public static ImportFault Of(long line, Refusal refusal) =>
        new(line, refusal.Pointer, refusal.Code, refusal.Detail);
}

/// <summary>What became of one line.</summary>
/// <param name="Refusal">Why it was refused; null if it was taken in.</param>
/// <param name="Before">True if it was there before with the same content.</param>
public sealed record ImportOutcome(Refusal? Refusal, bool Before = false);

/// <summary>Lines that were counted.</summary>
/// <param name="Accepted">Taken in now.</param>
/// <param name="Duplicate">There before with the same content.</param>
/// <param name="Refused">Not taken in.</param>
/// <param name="Errors">Why not, the first <see cref="ErrorsMax"/> in the order of the lines.</param>
public sealed record ImportCounts(long Accepted, long Duplicate, long Refused, IReadOnlyList<ImportFault> Errors)
{
    /// <summary>The most faults that are kept.</summary>
    public const int ErrorsMax = 1_000;

    /// <summary>Nothing counted.</summary>
    public static ImportCounts None { get; } = new(0, 0, 0, []);

    /// <summary>Every line that was counted.</summary>
    public long Lines => Accepted + Duplicate + Refused;

    /// <summary>The counts with one line more.</summary>
    public ImportCounts With(long line, ImportOutcome outcome) => With([line], [outcome]);

    /// <summary>Both together.</summary>
    public ImportCounts And(ImportCounts other) => new(
        Accepted + other.Accepted, Duplicate + other.Duplicate, Refused + other.Refused,
        [.. Errors.Concat(other.Errors).OrderBy(fault => fault.Line).Take(ErrorsMax)]);

    /// <summary>The counts with more lines.</summary>
    /// <param name="lines">The numbers of the lines.</param>
    /// <param name="outcomes">What became of each.</param>
    public ImportCounts With(IReadOnlyList<long> lines, IReadOnlyList<ImportOutcome> outcomes) => this with
    {
        Accepted = Accepted + outcomes.Count(outcome => outcome is { Refusal: null, Before: false }),
        Duplicate = Duplicate + outcomes.Count(outcome => outcome is { Refusal: null, Before: true }),
        Refused = Refused + outcomes.Count(outcome => outcome.Refusal is not null),
        Errors = outcomes.All(outcome => outcome.Refusal is null) ? Errors :
        [
            .. Errors.Concat(outcomes.Index().Where(outcome => outcome.Item.Refusal is not null)
                .Select(outcome => ImportFault.Of(lines[outcome.Index], outcome.Item.Refusal!)))
                .OrderBy(fault => fault.Line).Take(ErrorsMax),
        ],
    };
}

/// <summary>A file that was taken up whole, and is worked off part by part: each part is sent at least once, so a line
/// that was taken in when a silo died is sent again; an event is then there before, an item or user replaced by the
/// same.</summary>
public sealed record FileImport
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What its lines are.</summary>
    public required ImportKind Kind { get; init; }

    /// <summary>Who sent it.</summary>
    public required string By { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it stands.</summary>
    public ImportState State { get; init; } = ImportState.Receiving;

    /// <summary>How often it was stored, from 1.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>How many parts it has, once they are all there.</summary>
    public int Parts { get; init; }

    /// <summary>How many parts are done.</summary>
    public int PartsDone { get; init; }

    /// <summary>How many lines it has, once they are all there.</summary>
    public long Total { get; init; }

    /// <summary>What became of the lines so far; those that could not be read are counted when they come.</summary>
    public ImportCounts Counts { get; init; } = ImportCounts.None;

    /// <summary>When it was done, cancelled or failed; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True while something is to be done.</summary>
    public bool IsOpen => State is ImportState.Receiving or ImportState.Running;

    /// <summary>Why lines were refused, the first <see cref="ImportCounts.ErrorsMax"/>.</summary>
    public IReadOnlyList<ImportFault> Errors => Counts.Errors;
}

/// <summary>How an import goes on.</summary>
public static class ImportRules
{
    /// <summary>The most lines of a part.</summary>
    public const int PartLinesMax = 500;

    /// <summary>How long a file may be on its way.</summary>
    public static readonly TimeSpan ReceivingMax = TimeSpan.FromDays(1);

    /// <summary>The import once its file is there.</summary>
    /// <param name="import">The import.</param>
    /// <param name="parts">How many parts were stored.</param>
    /// <param name="total">How many lines the file has.</param>
    /// <param name="unread">Those that could not be read.</param>
    /// <param name="now">The time.</param>
    public static FileImport Received(FileImport import, int parts, long total, ImportCounts unread, DateTimeOffset now) => import with
    {
        Revision = import.Revision + 1,
        State = parts == 0 ? ImportState.Done : ImportState.Running,
        Parts = parts,
        Total = total,
        Counts = unread,
        EndedAt = parts == 0 ? now : null,
    };

    /// <summary>The import after its next part.</summary>
    public static FileImport After(
        FileImport import, IReadOnlyList<long> lines, IReadOnlyList<ImportOutcome> outcomes, DateTimeOffset now)
    {
        var done = import.PartsDone + 1 == import.Parts;
        return import with
        {
            Revision = import.Revision + 1,
            PartsDone = import.PartsDone + 1,
            Counts = import.Counts.With(lines, outcomes),
            State = done ? ImportState.Done : import.State,
            EndedAt = done ? now : null,
        };
    }

    /// <summary>The import, stopped.</summary>
    public static FileImport Cancelled(FileImport import, DateTimeOffset now) => import with
    {
        Revision = import.Revision + 1, State = ImportState.Cancelled, EndedAt = now,
    };

    /// <summary>The import that can't go on.</summary>
    public static FileImport Failed(FileImport import, Refusal why, DateTimeOffset now) => import with
    {
        Revision = import.Revision + 1,
        State = ImportState.Failed,
        EndedAt = now,
        Counts = import.Counts with
        {
            Errors = [.. import.Errors.Take(ImportCounts.ErrorsMax - 1), ImportFault.Of(0, why)],
        },
    };
}
