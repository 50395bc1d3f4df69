using System.Diagnostics;
using CouponGrains.Storage.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CouponGrains.Storage.Tests.Postgres;

/// <summary>Opening, refusing, closing, and a server that goes away.</summary>
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
    }

    public async ValueTask DisposeAsync() => await _server.GiveBack(_database);

    [Fact]
    public async Task Many_processes_that_open_a_new_database_at_once_bring_it_to_its_version_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Open)));
        Assert.Equal(
            await _server.Value<long>(_database, "SELECT count(*) FROM store_version"),
            await _server.Value<int>(_database, "SELECT max(version) FROM store_version"));
        await stores[0].Users.Put([new() { Id = new("u1") }], default);
        Assert.NotNull(await stores[^1].Users.Get(new("u1"), default));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await (await Open()).DisposeAsync();
        await Execute("INSERT INTO store_version (version, name, hash, applied_at) VALUES (999, 'future', '', 0)");
        var refused = await Assert.ThrowsAsync<RefusedException>(Open);
        Assert.Equal(RefusalCodes.StoreVersionNewer, refused.Refusal.Code);
        Assert.Contains("999", refused.Message);
        await Execute("DELETE FROM store_version WHERE version = 999");
        await (await Open()).DisposeAsync();
    }

    [Fact]
    public async Task A_store_whose_steps_are_not_ours_is_refused()
    {
        await (await Open()).DisposeAsync();
        await Execute("UPDATE store_version SET hash = 'other' WHERE version = 1");
        Assert.Equal(RefusalCodes.StoreCorrupt, (await Assert.ThrowsAsync<RefusedException>(Open)).Refusal.Code);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_any_step()
    {
        await Execute("CREATE TABLE silos (other integer)");
        Assert.Equal(RefusalCodes.StoreUnreachable, (await Assert.ThrowsAsync<RefusedException>(Open)).Refusal.Code);
        Assert.Equal(1, await _server.Value<long>(_database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        await Execute("DROP TABLE silos");
        await (await Open()).DisposeAsync();
    }

    [Fact]
    public void What_the_connection_string_leaves_open_is_set_and_what_it_says_stays()
    {
        var open = PostgresDatabase.Parse("Host=db");
        var said = PostgresDatabase.Parse("Host=db;Maximum Pool Size=7;Max Auto Prepare=0");
        Assert.Equal((40, 120, 2), (open.MaxPoolSize, open.MaxAutoPrepare, open.AutoPrepareMinUsages));
        Assert.Equal((7, 0, 2), (said.MaxPoolSize, said.MaxAutoPrepare, said.AutoPrepareMinUsages));
        var slow = PostgresDatabase.Parse("Host=db;Timeout=20;Command Timeout=90;Options=-c search_path=shop");
        Assert.Equal((5, 10), (open.Timeout, open.CommandTimeout));
        Assert.Equal((20, 90, "-c search_path=shop"), (slow.Timeout, slow.CommandTimeout, slow.Options));
    }

    [Theory]
    [InlineData("Database=no_such_database", RefusalCodes.StoreUnreachable)]
    [InlineData("Port=1", RefusalCodes.StoreUnreachable)]
    [InlineData("Host=no-such-host.invalid", RefusalCodes.StoreUnreachable)]
    [InlineData("Username=nobody", RefusalCodes.StoreUnreachable)]
    [InlineData("Colour=red", RefusalCodes.BadOption)]
    [InlineData("Port=many", RefusalCodes.BadOption)]
    [InlineData("Host=", RefusalCodes.BadOption)]
    [InlineData("Port=99999", RefusalCodes.BadOption)]
    [InlineData("Encoding=klingon", RefusalCodes.BadOption)]
    [InlineData("Minimum Pool Size=500", RefusalCodes.BadOption)]
    [InlineData("Multiplexing=true;Pooling=false", RefusalCodes.BadOption)]
    [InlineData("Target Session Attributes=standby", RefusalCodes.BadOption)]
    [InlineData("Search Path=none", RefusalCodes.StoreUnreachable)]
    public async Task A_wrong_connection_string_is_refused_in_one_line_without_its_secret(string wrong, string code)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => Open($"{_server.Connection(_database)};Password=my-secret;{wrong}"));
        Assert.Equal(code, refused.Refusal.Code);
        Assert.DoesNotContain("my-secret", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Neither_log_nor_name_tells_the_password()
    {
        using var log = new LinesLog();
        await using (var store = await PostgresStore.Open(
            _server.Connection(_database) + ";Password=my-secret", TimeProvider.System, log))
        {
            Assert.DoesNotContain("my-secret", store.Name);
        }

        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.DoesNotContain("my-secret", line));
    }

    [Fact]
    public async Task A_closed_store_refuses_work_and_closing_twice_is_harmless()
    {
        var store = await Open();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Users.Put([new() { Id = new("u1") }], default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Users.Get(new("u1"), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Events.Append([Samples.View("e1", "u1", "i1")], default));
    }

    [Fact]
    public async Task Closing_carries_through_what_was_handed_in()
    {
        var store = await Open();
        var writes = Enumerable.Range(0, 300).Select(i => store.Events.Append([Samples.View($"e{i}", "u1", "i1")], default)).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(writes);
        Assert.Equal(300, await _server.Value<long>(_database, "SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task Connections_that_are_cut_while_idle_are_not_noticed()
    {
        await using var store = await Open();
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Events.Append([Samples.View($"e{round}-{i}", "u1", "i1")], default)));
            await _server.Cut(_database);
            Assert.Null(await store.Users.Get(new("nobody"), default));
        }

        Assert.Equal(100, (await store.Events.Size(default)).Events);
    }

    [Fact]
    public async Task Appends_that_the_server_did_not_answer_are_recorded_once_when_they_are_sent_again()
    {
        await using var store = await Open();
        var sent = 0;
        using var over = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                while ((await Append(store, $"e{sender}-{i}")) is null)
                {
                }

                Interlocked.Increment(ref sent);
            }
        })).ToList();
        for (var cut = 0; cut < 10; cut++)
        {
            await Task.Delay(100);
            await _server.Cut(_database);
        }

        await over.CancelAsync();
        await Task.WhenAll(senders);
        Assert.Equal(sent, (await store.Events.Size(default)).Events);
        Assert.Equal(sent, await _server.Value<long>(_database, "SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task A_process_that_stands_still_within_a_transaction_soon_holds_nobody_up()
    {
        await using var store = await Open();
        var to = PostgresDatabase.Parse(_server.Connection(_database));
        await using var still = PostgresDatabase.Connect(to, TimeProvider.System);
        await using var connection = await still.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await new PostgresSession(connection, default).Run("SELECT value FROM counters WHERE name = 'events' FOR UPDATE");
        var begun = Stopwatch.GetTimestamp();
        await store.Events.Append([Samples.View("e1", "u1", "i1")], default);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 1, 20);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
    }

    [Fact]
    public async Task Places_become_visible_in_their_order_whoever_appends()
    {
        await using var one = await Open();
        await using var two = await Open();
        using var over = new CancellationTokenSource();
        var writers = new[] { one, two }.Select((store, s) => Task.Run(async () =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 5).Select(n => store.Events.Append([Samples.View($"{s}-{i}-{n}", "u1", "i1")], default)));
            }
        })).ToList();
        var read = new List<long>();
        for (var after = 0L; read.Count < 2_000;)
        {
            var page = await two.Events.ReadUser(new("u1"), after, 1_000, default);
            read.AddRange(page.Select(r => r.Sequence));
            after = read.Count > 0 ? read[^1] : 0;
        }

        await over.CancelAsync();
        await Task.WhenAll(writers);
        var all = (await one.Events.ReadAll(0, default).ToListAsync()).ConvertAll(r => r.Sequence);
        Assert.Equal(all.TakeWhile(seq => seq <= read[^1]), read);
    }

    private static async Task<object?> Append(PostgresStore store, string id)
    {
        try
        {
            return await store.Events.Append([Samples.View(id, "u1", "i1")], default);
        }
        catch (RefusedException e) when (e.Refusal.Code == RefusalCodes.Unavailable)
        {
            return null;
        }
    }

    private Task<PostgresStore> Open() => Open(_server.Connection(_database));

    private static Task<PostgresStore> Open(string connection) =>
        PostgresStore.Open(connection, TimeProvider.System, NullLoggerFactory.Instance);

    private Task Execute(string sql) => _server.Execute(_database, sql);

    private sealed class LinesLog : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception) + exception);
            }
        }

        public void Dispose()
        {
        }
    }
}
