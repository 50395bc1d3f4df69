using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CouponGrains.Domain;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Postgres;

/// <summary>Groups requests into batches: while one batch is on its way the next ones gather, and those that wait go
/// together, in one transaction with one commit. A batch that fails is tried again one by one, so that a request fails
/// for itself alone.</summary>
/// <remarks>If the connection is lost while a commit is under way, nobody knows the outcome: everybody in it is
/// refused with <see cref="RefusalCodes.Unavailable"/> and asks again with his key.</remarks>
internal sealed class PostgresWriter<TRequest, TAnswer> : IAsyncDisposable
{
    private const int WaitingMax = 16_384;

    private readonly PostgresDatabase _database;
    private readonly Func<PostgresSession, IReadOnlyList<TRequest>, Task<Outcome<TAnswer>[]>> _run;
    private readonly Func<TRequest, int> _weight;
    private readonly int _weightMax;
    private readonly ILogger _log;
    private readonly Channel<Waiting> _waiting;
    private readonly Task _loops;

    /// <summary>Starts to take requests.</summary>
    /// <param name="database">Where.</param>
    /// <param name="run">Runs a batch inside a transaction; answers each request in the order given. May run again for
    /// the same requests.</param>
    /// <param name="weight">How much of a batch a request takes.</param>
    /// <param name="weightMax">The most that a batch takes; one request alone may be more.</param>
    /// <param name="lanes">Batches under way at the same time.</param>
    /// <param name="log">The log.</param>
    public PostgresWriter(
        PostgresDatabase database, Func<PostgresSession, IReadOnlyList<TRequest>, Task<Outcome<TAnswer>[]>> run,
        Func<TRequest, int> weight, int weightMax, int lanes, ILogger log)
    {
        _database = database;
        _run = run;
        _weight = weight;
        _weightMax = weightMax;
        _log = log;
        _waiting = Channel.CreateBounded<Waiting>(WaitingMax);
        _loops = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(Loop)));
    }

    /// <summary>Takes a request into the next batch and answers after its commit. Cancelling it before its batch has
    /// begun does nothing to the store; after that it is carried through. <paramref name="name"/> names its
    /// span.</summary>
    public async Task<TAnswer> Write(TRequest request, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        using var span = StoreTelemetry.Operation(PostgresDatabase.Dialect, name);
        var waiting = new Waiting(request, span?.Context, cancel);
        try
        {
            await _waiting.Writer.WriteAsync(waiting, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(PostgresStore));
        }

        return await waiting.Answer.Task;
    }

    /// <summary>Carries through what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loops;
    }

    private async Task Loop()
    {
        var batch = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Gather(batch);
            if (batch.Count > 0)
            {
                await Run(batch);
                batch.Clear();
            }
        }
    }

    private void Gather(List<Waiting> batch)
    {
        var weight = 0;
        while (_waiting.Reader.TryPeek(out var next) && (batch.Count == 0 || weight + _weight(next.Request) <= _weightMax)
            && _waiting.Reader.TryRead(out var waiting))
        {
            if (waiting.Cancel.IsCancellationRequested)
            {
                waiting.Answer.SetCanceled(waiting.Cancel);
                continue;
            }

            batch.Add(waiting);
            weight += _weight(waiting.Request);
        }
    }

    private async Task Run(IReadOnlyList<Waiting> batch)
    {
        using var span = StoreTelemetry.Batch(PostgresDatabase.Dialect, batch.Select(waiting => waiting.Span));
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var requests = batch.Select(waiting => waiting.Request).ToList();
            var outcomes = await _database.Write(session => _run(session, requests), CancellationToken.None, "Commit");
            StoreTelemetry.Committed(PostgresDatabase.Dialect, batch.Count, Stopwatch.GetElapsedTime(begun));
            foreach (var (waiting, outcome) in batch.Zip(outcomes))
            {
                waiting.Settle(outcome);
            }
        }
        catch (Exception e)
        {
            await Fail(batch, e);
        }
    }

    private async Task Fail(IReadOnlyList<Waiting> batch, Exception e)
    {
        var shared = e is RefusedException { Refusal.Code: RefusalCodes.Unavailable or RefusalCodes.StoreNotWritable };
        if (batch.Count > 1 && !shared)
        {
            StorageLog.BatchDivided(_log, e, batch.Count);
            foreach (var waiting in batch)
            {
                await Run([waiting]);
            }

            return;
        }

        StorageLog.CommitFailed(_log, e, batch.Count);
        StoreTelemetry.Failed(PostgresDatabase.Dialect);
        foreach (var waiting in batch)
        {
            waiting.Answer.SetException(e);
        }
    }

    private sealed record Waiting(TRequest Request, ActivityContext? Span, CancellationToken Cancel)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Settle(Outcome<TAnswer> outcome)
        {
            if (outcome.Failure is { } failure)
            {
                Answer.SetException(failure);
            }
            else
            {
                Answer.SetResult(outcome.Answer);
            }
        }
    }
}
