using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Grains.Models;
using CouponGrains.Grains.Profiles;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Grains.Tests.Profiles;

public sealed class SequenceTests
{
    private static readonly UserId Ann = new("ann");
    private static readonly string[] Goods = ["tea-1", "bread-2", "nobody-knows-it", "tea-3"];

    [Theory]
    [InlineData(ResponseEncoder.Gru)]
    [InlineData(ResponseEncoder.Convolution)]
    public async Task Each_event_moves_the_state_as_a_replay_of_all_of_them_would(ResponseEncoder encoder)
    {
        await using var shop = await TestShop.Start();
        var (replica, live) = await Begin(shop, encoder);
        Assert.Equal(0, live.Sequence(replica.Model)!.Events);
        var before = live.Sequence(replica.Model);

        for (var n = 0; n < 10; n++)
        {
            await Record(shop, n, 1);
            await live.CatchUp(CancellationToken.None);
        }

        Assert.Same(before, live.Sequence(replica.Model));
        Assert.Equal(10, before!.Events);
        Assert.Contains(before.History.ToArray(), h => h != 0);
        var replayed = SequenceState.Replay(replica.Model!, live.Profile.Recent)!;
        Assert.Equal(replayed.History.ToArray(), before.History.ToArray());
    }

    [Fact]
    public async Task A_new_model_replays_the_newest_events_once()
    {
        await using var shop = await TestShop.Start();
        var (replica, live) = await Begin(shop, ResponseEncoder.Gru);
        await Record(shop, 0, UserProfile.RecentMax + 20);
        await live.CatchUp(CancellationToken.None);
        var old = live.Sequence(replica.Model);

        replica.Model = Model(shop, ResponseEncoder.Gru, version: 2);
        var state = live.Sequence(replica.Model);

        Assert.NotSame(old, state);
        Assert.Equal(new ModelVersion(2), state!.Model);
        Assert.Equal(UserProfile.RecentMax, state.Events);
        Assert.Same(state, live.Sequence(replica.Model));
    }

    [Fact]
    public async Task Other_rows_of_the_same_model_replay_too()
    {
        await using var shop = await TestShop.Start();
        var (replica, live) = await Begin(shop, ResponseEncoder.Gru);
        await Record(shop, 0, 3);
        await live.CatchUp(CancellationToken.None);
        _ = live.Sequence(replica.Model);

        replica.Model = replica.Model! with { Generation = 7 };
        await Record(shop, 3, 1);
        await live.CatchUp(CancellationToken.None);

        Assert.Equal(4, live.Sequence(replica.Model)!.Events);
        Assert.True(live.Sequence(replica.Model)!.IsOf(replica.Model));
    }

    [Fact]
    public async Task Without_consent_or_without_an_encoder_there_is_no_state()
    {
        await using var shop = await TestShop.Start();
        var (replica, live) = await Begin(shop, ResponseEncoder.Gru);
        Assert.NotNull(live.Sequence(replica.Model));
        live.Describe(new() { Id = Ann, Consent = false });
        Assert.Null(live.Sequence(replica.Model));

        live.Describe(new() { Id = Ann });
        Assert.Null(live.Sequence(null));
        Assert.Null(live.Sequence(replica.Model! with { Response = null }));
        Assert.Null(live.Sequence(Model(shop, ResponseEncoder.None, version: 1)));
    }

    private static async Task<(HeldModel Replica, LiveProfile Live)> Begin(TestShop shop, ResponseEncoder encoder)
    {
        var replica = new HeldModel { Model = Model(shop, encoder, version: 1) };
        var silo = shop.Cluster.GetSiloServiceProvider(shop.Cluster.Silos[0].SiloAddress);
        var instruments = silo.GetRequiredService<ProfileInstruments>();
        var live = new LiveProfile(Ann, shop.Store.Events, shop.Store.Users, replica, shop.Time, instruments);
        await live.Load(null, CancellationToken.None);
        return (replica, live);
    }

    private static Task<AppendResult[]> Record(TestShop shop, int from, int count) => shop.Store.Events.Append(
        [.. Enumerable.Range(from, count).Select(n =>
            Samples.Event($"e{n}", "ann", Goods[n % Goods.Length], shop.Time.GetUtcNow().AddMinutes(n - 500)))],
        CancellationToken.None);

    private static ModelSnapshot Model(TestShop shop, ResponseEncoder encoder, long version)
    {
        var model = Samples.TeaAndBread(shop.Time.GetUtcNow()) with { Version = new(version) };
        var rank = model.Factors.Rank;
        var (hidden, layers) = encoder switch
        {
            ResponseEncoder.Gru => (5, 1),
            ResponseEncoder.Convolution => (5, 3),
            _ => (0, 0),
        };
        var shape = new ResponseShape(
            encoder, EventFeatures.Width(rank), hidden, layers, UserFeatures.Width([]), CouponFeatures.Width(rank),
            PairFeatures.Width, 4, 3);
        var random = new Random((int)version);
        var weights = ResponseLayout.Of(shape).ToDictionary(
            t => t.Name, t => Enumerable.Range(0, (int)t.Length).Select(_ => random.NextSingle() - 0.5f).ToArray());
        return model with { Response = new(new(shape, weights), [], ResponsePrior.Even) };
    }

    /// <summary>A replica that holds what it is given.</summary>
    private sealed class HeldModel : IReplica
    {
        public ModelSnapshot? Model { get; set; }

        public OfferIndex Current => OfferIndex.Build(Model, [], CatalogIndex.Empty);

        public ModelSnapshot? Trained => Model;

        public bool IsReady => true;

        public Offer? Find(OfferId offer) => null;

        public Task Refresh(CancellationToken cancel) => Task.CompletedTask;
    }
}
