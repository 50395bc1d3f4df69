using CouponGrains.Contracts;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Transfers;
using CouponGrains.Grains.Audit;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace CouponGrains.Grains.Transfers;

/// <summary>One file. The store is the truth: what is done of it stands there with what is left, so whichever silo
/// wakes this grain goes on with the part that is next. The upkeep wakes it.</summary>
[ServeRole, GrainType("import")]
internal sealed partial class ImportGrain(
    IImportStore store, ImportDesk desk, AuditDesk audit, Serializer<ImportPart> parts, TimeProvider time,
    ILogger<ImportGrain> log) : Grain, IImportGrain
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private IGrainTimer? _steps;

    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancel) => GoOn(await store.Get(Id, cancel));

    public async Task<Answer<FileImport>> Begin(ImportKind kind, CancellationToken cancel)
    {
        var import = new FileImport { Id = Id, Kind = kind, By = Acting.Actor.ToString(), At = time.GetUtcNow() };
        var begun = await store.Begin(import, cancel, audit.Entry(
            AuditActions.ImportBegin, AuditTargets.Import(Id), AuditDesk.Told("/kind", kind)));
        return begun ? import : await Show(cancel);
    }

    public async Task<Answer<FileImport>> Add(int number, ImportPart part, CancellationToken cancel)
    {
        var import = await Show(cancel);
        return !import.Succeeded || await store.Add(Id, number, parts.SerializeToArray(part), cancel)
            ? import
            : new Refusal(RefusalCodes.VersionConflict, $"The import {Id} is not being received any more.");
    }

    public async Task<Answer<FileImport>> Received(int count, long total, ImportCounts unread, CancellationToken cancel)
    {
        var answer = await Change(
            import => import.State == ImportState.Receiving
                ? ImportRules.Received(import, count, total, unread, time.GetUtcNow())
                : null,
            null, cancel);
        GoOn(answer.Value);
        return answer;
    }

    public async Task<Answer<FileImport>> Show(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } import)
        {
            return new Refusal(RefusalCodes.UnknownOperation, $"There is no operation {Id}.");
        }

        return import.State == ImportState.Receiving && time.GetUtcNow() - import.At > ImportRules.ReceivingMax
            ? await Cancel(cancel)
            : import;
    }

    public Task<Answer<FileImport>> Cancel(CancellationToken cancel) => Change(
        import => import.IsOpen ? ImportRules.Cancelled(import, time.GetUtcNow()) : null,
        audit.Entry(AuditActions.ImportCancel, AuditTargets.Import(Id)), cancel);

    /// <summary>Stores what <paramref name="next"/> makes of it; null changes nothing. A step that came between is seen
    /// and not undone.</summary>
    private async Task<Answer<FileImport>> Change(Func<FileImport, FileImport?> next, AuditEntry? entry, CancellationToken cancel)
    {
        while (await store.Get(Id, cancel) is { } import)
        {
            if (next(import) is not { } changed)
            {
                return import;
            }

            if (await store.Save(changed, cancel, entry))
            {
                return changed;
            }
        }

        return new Refusal(RefusalCodes.UnknownOperation, $"There is no operation {Id}.");
    }

    /// <summary>Works it off beside the grain's other work.</summary>
    private void GoOn(FileImport? import)
    {
        if (import?.State == ImportState.Running)
        {
            _steps ??= this.RegisterGrainTimer(Step, new GrainTimerCreationOptions(TimeSpan.Zero, Pace)
            {
                KeepAlive = true, Interleave = true,
            });
        }
    }

    /// <summary>One part. What fails is tried again: a part is sent at least once.</summary>
    private async Task Step(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { State: ImportState.Running } import)
        {
            _steps?.Dispose();
            _steps = null;
            return;
        }

        try
        {
            await Work(import, cancel);
            _steps?.Change(Pace, Pace);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Stuck(log, Id, import.PartsDone, e);
            _steps?.Change(FailurePause, FailurePause);
        }
    }

    private async Task Work(FileImport import, CancellationToken cancel)
    {
        if (await store.Part(Id, import.PartsDone, cancel) is not { } bytes)
        {
            await store.Save(ImportRules.Failed(
                import, new(RefusalCodes.StoreCorrupt, $"Part {import.PartsDone} is missing."), time.GetUtcNow()), cancel);
            return;
        }

        var part = parts.Deserialize(bytes) ?? throw new InvalidOperationException("A stored part is none.");
        Acting.As(Actor.Parse(import.By) ?? Actor.System);
        var next = ImportRules.After(import, part.Lines, await desk.Take(part, cancel), time.GetUtcNow());
        if (await store.Save(next, cancel) && !next.IsOpen)
        {
            Ended(log, Id, next.Counts.Accepted, next.Counts.Duplicate, next.Counts.Refused);
        }
    }

    [LoggerMessage(1700, LogLevel.Information,
        "Import {Import} is done: {Accepted} lines taken in, {Duplicate} known before, {Refused} refused.")]
    private static partial void Ended(ILogger log, string import, long accepted, long duplicate, long refused);

    [LoggerMessage(1701, LogLevel.Warning, "Part {Part} of import {Import} could not be taken in and is tried again.")]
    private static partial void Stuck(ILogger log, string import, int part, Exception fault);
}
