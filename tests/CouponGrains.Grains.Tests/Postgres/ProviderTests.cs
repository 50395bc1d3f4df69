using System.Net;
using System.Net.Sockets;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Storage;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace CouponGrains.Grains.Tests.Postgres;

/// <summary>Orleans' own providers on the tables and statements that the store's migrator makes.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private const string Name = "coupongrains";

    private PostgresServer _server = null!;
    private string _database = "";
    private PostgresStore _store = null!;
    private IHost _silo = null!;

    private IGrainStorage Storage => _silo.Services.GetRequiredKeyedService<IGrainStorage>(GrainsHosting.StorageName);

    private IMembershipTable Members => _silo.Services.GetRequiredService<IMembershipTable>();

    private IReminderTable Reminders => _silo.Services.GetRequiredService<IReminderTable>();

    public async ValueTask InitializeAsync()
    {
        _server = await SharedPostgres.Server;
        _database = await _server.TakeDatabase();
        _store = await PostgresStore.Open(_server.Connection(_database), TimeProvider.System, NullLoggerFactory.Instance);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(Compose);
        _silo = builder.Build();
        await _silo.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.StopAsync();
        _silo.Dispose();
        await _store.DisposeAsync();
        await _server.GiveBack(_database);
    }

    [Fact]
    public async Task Of_two_first_writes_at_once_one_wins_and_the_other_is_told_of_a_conflict()
    {
        for (var round = 0; round < 20; round++)
        {
            var grain = GrainId.Create("user", $"u{round}");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Write(grain, $"writer {i}"))));
            Assert.Single(outcomes, outcome => outcome is null);
            Assert.All(outcomes.OfType<Exception>(), e => Assert.IsType<InconsistentStateException>(e));
            var read = new GrainState<string>();
            await Storage.ReadStateAsync("profile", grain, read);
            Assert.Equal(("1", $"writer {Array.IndexOf(outcomes, null)}"), (read.ETag, read.State));
        }
    }

    [Fact]
    public async Task A_state_is_written_again_cleared_and_written_anew_and_a_stale_writer_is_told()
    {
        var grain = GrainId.Create("user", "u1");
        var (mine, stale) = (new GrainState<List<string>> { State = ["one"] }, new GrainState<List<string>>());
        await Storage.WriteStateAsync("profile", grain, mine);
        await Storage.ReadStateAsync("profile", grain, stale);
        mine.State = ["two"];
        await Storage.WriteStateAsync("profile", grain, mine);
        stale.State = ["late"];
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("profile", grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("profile", grain, stale));
        await Storage.ClearStateAsync("profile", grain, mine);
        var read = new GrainState<List<string>>();
        await Storage.ReadStateAsync("profile", grain, read);
        Assert.Equal(("3", 0), (read.ETag, read.State!.Count));
        read.State = ["three"];
        await Storage.WriteStateAsync("profile", grain, read);
        Assert.Equal("4", read.ETag);
    }

    [Fact]
    public async Task A_member_is_added_only_to_the_version_of_the_table_that_was_read()
    {
        var table = await Members.ReadAllAsync(default);
        Assert.Single(table.Members, m => m.Item1.Status == SiloStatus.Active);
        var next = table.Version.Next();
        var added = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => Task.Run(() => Members.InsertRowAsync(Member(i), next, default))));
        Assert.Single(added, won => won);
        table = await Members.ReadAllAsync(default);
        Assert.Equal((2, next.Version), (table.Members.Count, table.Version.Version));

        var (member, etag) = table.Members.Single(m => m.Item1.Status == SiloStatus.Joining);
        member.Status = SiloStatus.Dead;
        member.AddSuspector(Member(9).SiloAddress, member.StartTime);
        Assert.False(await Members.UpdateRowAsync(member, etag, next, default));
        Assert.True(await Members.UpdateRowAsync(member, etag, table.Version.Next(), default));
        var read = (await Members.ReadRowAsync(member.SiloAddress, default)).Members.Single().Item1;
        Assert.Equal((SiloStatus.Dead, 1), (read.Status, read.SuspectTimes?.Count));
        Assert.Equal(member.StartTime, read.StartTime);

        await Members.CleanupDefunctSiloEntriesAsync(
            new(member.IAmAliveTime.AddDays(1), TimeSpan.Zero), default);
        Assert.Single((await Members.ReadAllAsync(default)).Members);
    }

    [Fact]
    public async Task Reminders_are_kept_read_by_range_and_removed_by_their_version()
    {
        var grains = Enumerable.Range(0, 20).Select(i => GrainId.Create("trainer", $"{i}")).ToList();
        var start = new DateTime(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc);
        foreach (var grain in grains)
        {
            await Reminders.UpsertRow(Entry(grain, start, TimeSpan.FromDays(40)));
        }

        var again = await Reminders.UpsertRow(Entry(grains[0], start.AddHours(1), TimeSpan.FromHours(1)));
        var read = await Reminders.ReadRow(grains[0], "train");
        Assert.Equal(((DateTime?)start.AddHours(1), (TimeSpan?)TimeSpan.FromHours(1), again), (read?.StartAt, read?.Period, read?.ETag));
        Assert.Equal(TimeSpan.FromDays(40), (await Reminders.ReadRows(grains[1])).Reminders.Single().Period);

        const uint middle = 0x8000_0000;
        var halves = new[] { await Reminders.ReadRows(0, middle), await Reminders.ReadRows(middle, 0) };
        Assert.Equal(20, halves.SelectMany(h => h.Reminders).Select(r => r.GrainId).Distinct().Count());
        Assert.Equal(20, halves.Sum(h => h.Reminders.Count));

        Assert.False(await Reminders.RemoveRow(grains[0], "train", "77"));
        Assert.True(await Reminders.RemoveRow(grains[0], "train", again!));
        Assert.Empty((await Reminders.ReadRows(grains[0])).Reminders);
    }

    private static ReminderEntry Entry(GrainId grain, DateTime start, TimeSpan period) =>
        new() { GrainId = grain, ReminderName = "train", StartAt = start, Period = period };

    /// <summary>A member of today: the silo that runs here deletes dead ones that nobody heard of for long.</summary>
    private static MembershipEntry Member(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 5_000 + number, number), SiloName = $"silo {number}", HostName = "here",
        Status = SiloStatus.Joining, ProxyPort = 6_000 + number, StartTime = Today.AddHours(9),
        IAmAliveTime = Today.AddHours(9).AddSeconds(1),
    };

    private static DateTime Today { get; } = TimeProvider.System.GetUtcNow().UtcDateTime.Date;

    private async Task<Exception?> Write(GrainId grain, string state)
    {
        try
        {
            await Storage.WriteStateAsync("profile", grain, new GrainState<string> { State = state });
            return null;
        }
        catch (InconsistentStateException e)
        {
            return e;
        }
    }

    private void Compose(ISiloBuilder silo)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (Name, Name));
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, _store.Source));
        silo.UseAdoNetReminderService(
            options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, _store.Source));
        silo.AddAdoNetGrainStorage(
            GrainsHosting.StorageName,
            options => (options.Invariant, options.DataSource) = (PostgresStore.Invariant, _store.Source));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
