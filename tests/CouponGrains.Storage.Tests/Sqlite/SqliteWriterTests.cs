using CouponGrains.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

/// <summary>The one writer: many operations, one commit, separate fates.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteWriter _writer = null!;

    private string File => Path.Combine(_folder.Path, "test.db");

    public async ValueTask InitializeAsync()
    {
        _writer = new(SqliteSession.OpenWriter(File), NullLogger.Instance);
        await _writer.Write(session =>
        {
            session.Script("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
            return true;
        }, default);
    }

    [Fact]
    public async Task One_that_fails_does_not_undo_the_others_of_its_group()
    {
        var hold = new ManualResetEventSlim();
        var first = Hold(hold);
        var tasks = Enumerable.Range(1, 9).Select(i => _writer.Write(session =>
        {
            Insert(session, i);
            return i == 5 ? throw new InvalidOperationException("five") : (long)i;
        }, default)).ToList();
        hold.Set();
        await first;
        Assert.Equal("five", (await Assert.ThrowsAsync<InvalidOperationException>(() => tasks[4])).Message);
        tasks.RemoveAt(4);
        Assert.Equal<long[]>([1, 2, 3, 4, 6, 7, 8, 9], await Task.WhenAll(tasks));
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9], Stored());
    }

    [Fact]
    public async Task A_broken_constraint_undoes_the_whole_operation_and_nothing_else()
    {
        var good = _writer.Write(session => Insert(session, 1), default);
        var bad = _writer.Write(session => Insert(session, 2) + Insert(session, 1), default);
        var last = _writer.Write(session => Insert(session, 3), default);
        await good;
        await last;
        Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => bad)).SqliteErrorCode);
        Assert.Equal([1, 3], Stored());
    }

    [Fact]
    public async Task An_answer_comes_only_after_the_commit()
    {
        for (var i = 1; i <= 50; i++)
        {
            var number = i;
            await _writer.Write(session => Insert(session, number), default);
            Assert.Equal(i, Stored().Count);
        }
    }

    [Fact]
    public async Task What_a_kill_in_the_middle_of_a_transaction_leaves_is_all_that_was_acknowledged_and_nothing_else()
    {
        var copy = Path.Combine(_folder.Path, "copy.db");
        await _writer.Write(session => Insert(session, 1), default);
        await _writer.Write(session =>
        {
            session.Script("PRAGMA cache_size = 5; PRAGMA cache_spill = 5");
            for (var n = 2; n < 2_000; n++)
            {
                session["INSERT INTO t (n, text) VALUES (?, ?)"].Bind(n).Bind(new string('x', 1_000)).Run();
            }

            System.IO.File.Copy(File, copy);
            System.IO.File.Copy(File + "-wal", copy + "-wal");
            return true;
        }, default);
        Assert.True(new FileInfo(copy + "-wal").Length > 1_000_000, "Part of the open transaction should be in the log.");
        Assert.Equal([1], Stored(copy));
        Assert.Equal(1_999, Stored().Count);
    }

    [Fact]
    public async Task What_is_cancelled_while_it_waits_is_not_done()
    {
        using var source = new CancellationTokenSource();
        var hold = new ManualResetEventSlim();
        var first = Hold(hold);
        var cancelled = _writer.Write(session => Insert(session, 1), source.Token);
        var other = _writer.Write(session => Insert(session, 2), default);
        await source.CancelAsync();
        hold.Set();
        await first;
        await other;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal([2], Stored());
    }

    [Fact]
    public async Task What_is_cancelled_after_it_began_is_carried_through()
    {
        using var source = new CancellationTokenSource();
        var answer = await _writer.Write(session =>
        {
            source.Cancel();
            return Insert(session, 1);
        }, source.Token);
        Assert.Equal(1, answer);
        Assert.Equal([1], Stored());
    }

    [Fact]
    public async Task A_full_disk_fails_everybody_in_the_group_with_a_code_and_work_goes_on_when_there_is_room()
    {
        await _writer.Write(session => Pages(session, 12), default);
        var hold = new ManualResetEventSlim();
        var first = Hold(hold);
        var small = _writer.Write(session => Insert(session, 1), default);
        var large = _writer.Write(session =>
            session["INSERT INTO t (n, text) VALUES (?, ?)"].Bind(2).Bind(new string('x', 200_000)).Run(), default);
        hold.Set();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => large);
        Assert.Equal(RefusalCodes.StoreNotWritable, refused.Refusal.Code);
        await Task.WhenAny(Task.WhenAll(first, small));
        Assert.Equal(small.IsCompletedSuccessfully ? [1] : Array.Empty<long>(), Stored());
        await _writer.Write(session => Pages(session, 100_000), default);
        await _writer.Write(session => Insert(session, 3), default);
        Assert.Contains(3, Stored());
    }

    [Fact]
    public async Task A_failure_of_the_commit_itself_fails_everybody_in_the_group_and_the_next_group_works()
    {
        await _writer.Write(session =>
        {
            session.Script("CREATE TABLE child (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)");
            return true;
        }, default);
        var hold = new ManualResetEventSlim();
        var first = Hold(hold);
        var good = _writer.Write(session => Insert(session, 1), default);
        var dangling = _writer.Write(session => session["INSERT INTO child (n) VALUES (77)"].Run(), default);
        hold.Set();
        await Task.WhenAny(first);
        await Assert.ThrowsAsync<SqliteException>(() => good);
        await Assert.ThrowsAsync<SqliteException>(() => dangling);

        Assert.Empty(Stored());
        await _writer.Write(session => Insert(session, 2), default);
        Assert.Equal([2], Stored());
    }

    [Fact]
    public async Task A_write_that_cannot_be_undone_fails_with_all_that_wait_and_all_that_follow()
    {
        await _writer.Write(session => Insert(session, 1), default);
        var hold = new ManualResetEventSlim();
        var writes = new List<Task> { Hold(hold), _writer.Write(Lose, default), _writer.Write(s => Insert(s, 2), default) };
        hold.Set();
        writes.Add(_writer.Write(session => Insert(session, 3), default));
        foreach (var write in writes)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() => write.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(RefusalCodes.StoreNotWritable, refused.Refusal.Code);
        }

        Assert.Equal([1], Stored());

        static int Lose(SqliteSession session)
        {
            session.Dispose();
            throw new InvalidOperationException("The connection is gone.");
        }
    }

    [Fact]
    public async Task Thousands_of_callers_are_all_served()
    {
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => _writer.Write(session => Insert(session, i), default)));
        Assert.Equal(10_000, Stored().Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Keeps the writer busy until it is released, so that what is handed in meanwhile makes one
    /// group.</summary>
    private Task<bool> Hold(ManualResetEventSlim release) => _writer.Write(_ =>
    {
        release.Wait();
        return true;
    }, default);

    private static int Insert(SqliteSession session, long n) => session["INSERT INTO t (n) VALUES (?)"].Bind(n).Run();

    private static bool Pages(SqliteSession session, int max)
    {
        session.Script($"PRAGMA max_page_count = {max}");
        return true;
    }

    private List<long> Stored(string? file = null)
    {
        using var session = SqliteSession.OpenReader(file ?? File);
        return session["SELECT n FROM t ORDER BY n"].All(row => row.Int64(0));
    }
}
