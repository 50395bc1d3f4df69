using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CouponGrains.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The one writer of the store. Callers hand in write operations; it runs as many as are waiting in one
/// transaction, each in a savepoint of its own, commits once, and only then answers: the cost of making work durable is
/// shared by all who wait. An operation that fails is undone alone; a commit that fails fails everybody in it. After
/// one that can't be undone nobody knows what the connection holds, so nothing is written until the store is opened
/// again.</summary>
internal sealed class SqliteWriter : IStoreWrites, IAsyncDisposable
{
    private const int WaitingMax = 4_096;
    private const int GroupMax = 1_024;
    private static readonly TimeSpan GroupTimeMax = TimeSpan.FromMilliseconds(20);

    private readonly SqliteSession _session;
    private readonly ILogger _log;
    private readonly Channel<Operation> _waiting;
    private readonly Task _loop;
    private Exception? _broken;
    private volatile bool _refuses;

    public SqliteWriter(SqliteSession session, ILogger log)
    {
        _session = session;
        _log = log;
        _waiting = Channel.CreateBounded<Operation>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
        _loop = Task.Run(Loop);
    }

    /// <summary>Runs <paramref name="write"/> in the next transaction and answers after its commit. Cancelling it
    /// before it has begun does nothing to the store; after that it is carried through. <paramref name="name"/> names
    /// its span.</summary>
    public async Task<T> Write<T>(
        Func<SqliteSession, T> write, CancellationToken cancel, [CallerMemberName] string name = "")
    {
        using var span = StoreTelemetry.Operation(SqliteStore.Dialect, name);
        var operation = new Operation<T>(write, cancel);
        try
        {
            await _waiting.Writer.WriteAsync(operation, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }

        return await operation.Answer;
    }

    public async Task Check(CancellationToken cancel)
    {
        if (_refuses)
        {
            // What stays the same is not written: when the first version was applied is a tick more or less.
            await Write(session => session["""
                UPDATE store_version SET applied_at = applied_at + 1 - 2 * (applied_at % 2) WHERE version = 1
                """].Run(), cancel);
        }
    }

    /// <summary>Carries through what is waiting, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        _session.Dispose();
    }

    private async Task Loop()
    {
        var group = new List<Operation>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            try
            {
                RunGroup(group);
            }
            catch (Exception e)
            {
                StorageLog.CommitFailed(_log, e, group.Count);
                StoreTelemetry.Failed(SqliteStore.Dialect);
                Undo();
                var reason = _broken ?? Explained(e);
                _refuses = true;
                group.ForEach(operation => operation.Fail(reason));
            }

            group.ForEach(operation => operation.Complete());
            group.Clear();
        }
    }

    /// <summary>Runs what is waiting in one transaction and commits it. Throws if nothing of it is durable.</summary>
    private void RunGroup(List<Operation> group)
    {
        var begun = Stopwatch.GetTimestamp();
        while (group.Count < GroupMax && Stopwatch.GetElapsedTime(begun) < GroupTimeMax
            && _waiting.Reader.TryRead(out var operation))
        {
            if (operation.IsCancelled)
            {
                operation.Complete();
                continue;
            }

            group.Add(operation);
            if (_broken is not null)
            {
                operation.Fail(_broken);
                continue;
            }

            if (group.Count == 1)
            {
                _session["BEGIN IMMEDIATE"].Run();
            }

            RunOne(operation);
        }

        if (group.Count > 0 && _broken is null)
        {
            _session["COMMIT"].Run();
            _refuses = group.Exists(operation => operation.IsNotWritten);
            StoreTelemetry.Committed(SqliteStore.Dialect, group.Count, Stopwatch.GetElapsedTime(begun));
        }
    }

    private void RunOne(Operation operation)
    {
        _session["SAVEPOINT operation"].Run();
        try
        {
            operation.Run(_session);
            _session["RELEASE operation"].Run();
        }
        catch (Exception e) when (_session.InTransaction)
        {
            _session["ROLLBACK TO operation"].Run();
            _session["RELEASE operation"].Run();
            operation.Fail(Explained(e));
        }
    }

    private void Undo()
    {
        try
        {
            if (_session.InTransaction)
            {
                _session["ROLLBACK"].Run();
            }
        }
        catch (Exception e)
        {
            StorageLog.UndoFailed(_log, e);
            _broken = new RefusedException(
                RefusalCodes.StoreNotWritable,
                $"The store can't be written until it is opened again: a failed write could not be undone: {e.Message}");
        }
    }

    private Exception Explained(Exception e) => e is SqliteException sqlite ? SqliteFaults.Explain(sqlite, _session.Path) : e;

    private abstract class Operation
    {
        public abstract bool IsCancelled { get; }

        /// <summary>True if it failed because the store can't be written.</summary>
        public abstract bool IsNotWritten { get; }

        public abstract void Run(SqliteSession session);

        public abstract void Fail(Exception e);

        /// <summary>Tells the caller the outcome.</summary>
        public abstract void Complete();
    }

    private sealed class Operation<T>(Func<SqliteSession, T> write, CancellationToken cancel) : Operation
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _done;
        private T _result = default!;
        private Exception? _failure;

        public Task<T> Answer => _answer.Task;

        public override bool IsCancelled => cancel.IsCancellationRequested;

        public override bool IsNotWritten =>
            _failure is RefusedException { Refusal.Code: RefusalCodes.StoreNotWritable };

        public override void Run(SqliteSession session)
        {
            _result = write(session);
            _done = true;
        }

        public override void Fail(Exception e) => _failure ??= e;

        public override void Complete()
        {
            if (_failure is not null)
            {
                _answer.SetException(_failure);
            }
            else if (_done)
            {
                _answer.SetResult(_result);
            }
            else
            {
                _answer.SetCanceled(cancel);
            }
        }
    }
}
