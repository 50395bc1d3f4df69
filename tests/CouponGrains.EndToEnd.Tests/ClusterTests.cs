using CouponGrains.Storage.Tests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Real silos on one PostgreSQL.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 20_261_125;
    private const string Secret = "my-secret";

    private PostgresServer _server = null!;
    private string _database = "";

    private string Connection => $"{_server.Connection(_database)};Password={Secret}";

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
    }

    public async ValueTask DisposeAsync() => await _server.GiveBack(_database);

    [Fact]
    public async Task Two_silos_keep_every_promise_while_one_after_the_other_is_killed()
    {
        using var here = new HostPlace();
        using var there = new HostPlace();
        var traffic = new Traffic(Seed);
        var one = await Start(here);
        var two = await Start(there);
        try
        {
            await Traffic.Prepare(one.Http);
            for (var round = 0; round < 2; round++)
            {
                using var stopOne = new CancellationTokenSource();
                using var stopTwo = new CancellationTokenSource();
                var first = traffic.Run(one.Http, 2 * round, stopOne.Token);
                var second = traffic.Run(two.Http, (2 * round) + 1, stopTwo.Token);
                await Answered(traffic, 100);
                var killed = two.Kill();
                await stopTwo.CancelAsync();
                await Task.WhenAll(killed, second);
                await Answered(traffic, 100); // The other goes on alone.
                await stopOne.CancelAsync();
                await first;
                await two.DisposeAsync();
                (one, two) = (await Start(two.Place), one);
            }

            await traffic.Replay(one.Http, 20);
            await traffic.Replay(two.Http, 20);
        }
        finally
        {
            await one.DisposeAsync();
            await two.DisposeAsync();
        }

        output.WriteLine($"{traffic.Events.Count} events, {traffic.Issues.Count} coupons and {traffic.Redemptions.Count} "
            + $"redemptions acknowledged; answers: {traffic.Answers}");
        using var store = new StoreReader(Connection);
        Audit.Check(store, traffic);
        Assert.True(traffic.Redemptions.Count > 10, "Too few redemptions to tell anything.");
    }

    [Theory]
    [InlineData("Port=1", "store_unreachable", 1)]
    [InlineData("Database=none", "store_unreachable", 1)]
    [InlineData("Username=nobody", "store_unreachable", 1)]
    [InlineData("Colour=red", "bad_option", 2)]
    [InlineData("Port=99999", "bad_option", 2)]
    [InlineData("Multiplexing=true;Pooling=false", "bad_option", 2)]
    public async Task A_silo_or_a_front_end_with_a_wrong_connection_string_is_one_line_and_a_status(
        string wrong, string code, int status)
    {
        await Refuses($"{Connection};{wrong}", code, status);
        using var place = new HostPlace();
        await using var run = HostRun.StartFrontEnd(place, $"{Connection};{wrong}");
        await Ends(run, code, status);
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET default_transaction_read_only = on", "", "store_not_writable")]
    [InlineData("ALTER DATABASE {0} CONNECTION LIMIT 0", "weak", "store_unreachable")]
    [InlineData("SELECT 1", "weak", "store_unreachable")] // It may log in, and make no table.
    public async Task A_database_that_refuses_is_one_line_and_a_status(string refusal, string user, string code)
    {
        await _server.Execute(_database, """
            DO $$ BEGIN CREATE ROLE weak LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$
            """);
        await _server.Execute("postgres", string.Format(refusal, _database));
        try
        {
            await Refuses(user == "" ? Connection : $"{Connection};Username={user}", code, 1);
        }
        finally
        {
            await _server.Execute("postgres",
                $"ALTER DATABASE {_database} RESET ALL; ALTER DATABASE {_database} CONNECTION LIMIT -1");
        }
    }

    [Fact]
    public async Task A_store_that_its_user_may_only_read_is_one_line_and_a_status()
    {
        using (var place = new HostPlace())
        {
            await (await Start(place)).DisposeAsync();
        }

        await _server.Execute(_database, """
            DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT USAGE, CREATE ON SCHEMA public TO reader;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader
            """);
        await Refuses($"{Connection};Username=reader", "store_not_writable", 1);
    }

    [Fact]
    public async Task A_front_end_that_waits_for_the_first_silo_is_ended_by_a_word()
    {
        using var place = new HostPlace();
        await using var run = HostRun.StartFrontEnd(place, Connection);
        using (var over = new CancellationTokenSource(HostRun.Patience))
        {
            while (await _server.Value<long>("postgres", $"""
                SELECT count(*) FROM pg_stat_activity WHERE datname = '{_database}' AND query ILIKE '%OrleansQuery%'
                """) == 0) // It has not asked for silos yet.
            {
                await Task.Delay(50, over.Token);
            }
        }

        run.Interrupt();
        var status = await run.WaitForEnd();
        Assert.True(status == 0, run.All);
        Assert.DoesNotContain("Unhandled", run.All);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_one_line_and_a_status()
    {
        await _server.Execute(_database, """
            CREATE TABLE store_version (version integer PRIMARY KEY, name text, hash text, applied_at bigint);
            INSERT INTO store_version VALUES (9999, 'later', '', 0)
            """);
        await Refuses(Connection, "store_version_newer", 1);
    }

    [Theory]
    [InlineData("--store", "postgres")]
    [InlineData("--store", "file")]
    [InlineData("--silo-address", "0.0.0.0")]
    public async Task A_bad_option_of_the_store_is_one_line_and_a_status(string option, string value)
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, (option, value));
        Assert.Equal(2, await run.WaitForEnd());
        Assert.StartsWith("bad_option: ", run.Errors);
    }

    private async Task<HostRun> Start(HostPlace place)
    {
        var run = HostRun.Start(place, ("--roles", "serve"), ("--connection", Connection));
        Assert.True(await run.WaitForAnswer(), run.All);
        Assert.DoesNotContain(Secret, run.All);
        return run;
    }

    private static async Task Answered(Traffic traffic, int more)
    {
        using var over = new CancellationTokenSource(HostRun.Patience);
        for (var begun = traffic.Answered; traffic.Answered < begun + more;)
        {
            await Task.Delay(20, over.Token);
        }
    }

    private static async Task Refuses(string connection, string code, int status)
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, ("--connection", connection));
        await Ends(run, code, status);
    }

    private static async Task Ends(HostRun run, string code, int status)
    {
        Assert.Equal(status, await run.WaitForEnd());
        Assert.StartsWith(code + ": ", run.Errors);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain(Secret, run.All);
    }
}
