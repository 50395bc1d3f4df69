using CouponGrains.Storage.Tests.Postgres;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>Limits under very many callers at once, on real silos over one PostgreSQL, through two front
/// ends.</summary>
public sealed class LimitsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Coupons = 10_000;
    private const int Users = 500;
    private const int Seed = 20_261_126;
    private const string Shared = "shared";
    private const string OneUser = "one-user";

    private readonly List<HostPlace> _places = [];
    private readonly List<HostRun> _silos = [];
    private readonly List<HostRun> _fronts = [];
    private PostgresServer _server = null!;
    private string _database = "";
    private string _connection = "";
    private int _used;
    private long _spent;

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
        _connection = _server.Connection(_database);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _fronts.Concat(_silos))
        {
            await run.DisposeAsync();
        }

        _places.ForEach(place => place.Dispose());
        await _server.GiveBack(_database);
    }

    /// <summary>Each rush presents all coupons at once, under new keys: those that are used already are refused as
    /// such, and of the others exactly as many are used as the limit was raised by since the rush before.</summary>
    [Fact]
    public async Task Ten_thousand_redemptions_at_once_use_a_limit_up_and_not_one_more_on_3_2_and_1_silos_and_while_one_is_killed()
    {
        await StartSilo();
        await Task.WhenAll(StartSilo(), StartSilo(), StartFront(), StartFront());
        using var rush = new Rush(_fronts.Select(front => front.Place.Address), Seed);
        await rush.Open(Shared, perUser: 1_000);
        await rush.Issue(Shared, Coupons, Users);
        await Count(rush, 411);
        await Count(rush, 500, kills: true);
        await Spend(rush, 1_003);
        await Spend(rush, 1_507, kills: true);
        await Count(rush, 119);

        // And one user, whose wishes come from everywhere at once.
        await rush.Open(OneUser, perUser: 7);
        await rush.Issue(OneUser, 300, users: 1);
        var told = await rush.Redeem(OneUser, 5);
        Assert.Equal((7, 293), (told["redeemed"], told["user_cap_reached"]));
        RequireBalances(OneUser, 7, 7 * 5);
    }

    /// <summary>Raises the campaign's count.</summary>
    private async Task Count(Rush rush, int more, bool kills = false)
    {
        await rush.Change(Shared, new { redemptionsMax = _used + more, budget = Rush.Usd(Rush.Plenty) });
        var told = await Run(rush, 2, kills);
        Assert.Equal(more, told["redeemed"]);
        Assert.Equal(_used, told["already_redeemed"]);
        Assert.Equal(Coupons - _used - more, told["campaign_cap_reached"]);
        RequireBalances(Shared, _used += more, _spent += more * 2);
    }

    /// <summary>Raises the campaign's budget. Wishes take off between one and five cents: there are so many that the
    /// last cent finds a taker too.</summary>
    private async Task Spend(Rush rush, int more, bool kills = false)
    {
        await rush.Change(Shared, new { redemptionsMax = (int?)null, budget = Rush.Usd(_spent + more) });
        var told = await Run(rush, null, kills);
        Assert.Equal(_used, told["already_redeemed"]);
        Assert.Equal(Coupons - _used, told["redeemed"] + told["budget_exhausted"]);
        RequireBalances(Shared, _used += told["redeemed"], _spent += more);
    }

    private async Task StartSilo()
    {
        var run = HostRun.Start(Place(), ("--roles", "serve"), ("--connection", _connection));
        _silos.Add(run);
        Assert.True(await run.WaitForAnswer(), run.All);
    }

    private async Task StartFront()
    {
        var run = HostRun.StartFrontEnd(Place(), _connection);
        _fronts.Add(run);
        Assert.True(await run.WaitForAnswer(), run.All);
    }

    private HostPlace Place()
    {
        var place = new HostPlace();
        _places.Add(place);
        return place;
    }

    /// <summary>Presents all coupons; where it <paramref name="kills"/>, the last silo dies in the midst of
    /// it.</summary>
    private async Task<Told> Run(Rush rush, int? minor, bool kills)
    {
        var (silos, before) = (_silos.Count, rush.Answered);
        var running = rush.Redeem(Shared, minor);
        if (kills)
        {
            var silo = _silos[^1];
            await rush.Until(before + 1_000);
            await silo.Kill();
            _silos.Remove(silo);
            Assert.False(running.IsCompleted, "It was over before the silo was killed.");
            await silo.DisposeAsync();
        }

        var told = await running;
        Assert.Equal(Coupons, rush.MostAtOnce);
        var text = $"{silos} silos{(kills ? ", one killed" : "")}, {rush.MostAtOnce} at once: {told}";
        output.WriteLine(text);
        Console.WriteLine(text);
        return told;
    }

    private void RequireBalances(string campaign, int redeemed, long spent)
    {
        using var store = new StoreReader(_connection);
        Audit.CheckStore(store);
        var row = Assert.Single(store.Rows($"""
            SELECT redeemed, spent, held, reserved FROM budgets WHERE campaign_id = '{campaign}'
            """));
        Assert.Equal(((long)redeemed, spent, 0L, 0L), ((long)row[0], (long)row[1], (long)row[2], (long)row[3]));
    }
}
