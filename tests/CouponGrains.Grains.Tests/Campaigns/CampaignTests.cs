using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Grains.Tests.Campaigns;

public sealed class CampaignTests
{
    [Fact]
    public async Task A_campaign_changes_by_revisions_and_its_status_moves_forward()
    {
        await using var shop = await TestShop.Start();
        var draft = Samples.Campaign("spring", 1_000, shop.Time.GetUtcNow()) with { Status = CampaignStatus.Draft };
        var grain = shop.Campaign();
        Assert.Equal(RefusalCodes.UnknownCampaign, (await grain.Show()).Refusal!.Code);
        Assert.Equal(1, (await grain.Put(draft)).Value!.Revision);
        Assert.Equal(RefusalCodes.VersionConflict, (await grain.Put(draft)).Refusal!.Code);
        Assert.Equal("Summer", (await grain.Put(draft with { Name = "Summer", Revision = 2 })).Value!.Name);
        Assert.Equal(RefusalCodes.InvalidValue, (await grain.SetStatus(CampaignStatus.Paused)).Refusal!.Code);
        Assert.Equal(3, (await grain.SetStatus(CampaignStatus.Active)).Value!.Revision);
        Assert.Equal(CampaignStatus.Archived, (await grain.SetStatus(CampaignStatus.Archived)).Value!.Status);
        Assert.Equal(RefusalCodes.InvalidValue, (await grain.SetStatus(CampaignStatus.Active)).Refusal!.Code);
        Assert.NotNull((await shop.Campaign("other").Put(draft)).Refusal);
    }

    [Fact]
    public async Task Offers_are_checked_one_by_one_and_an_id_is_taken_once()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var fresh = Samples.Offer("spring", "bread") with { Id = new("fresh") };
        var refusals = await shop.Campaign().AddOffers(
        [
            Samples.Offer("spring", "tea"),
            fresh with { Id = new("deep"), PercentBasisPoints = 9_000 },
            fresh,
            fresh,
            fresh with { Campaign = new("other") },
        ]);
        Assert.Equal(
            [RefusalCodes.AlreadyExists, RefusalCodes.OfferOutsideGuardrails, null, RefusalCodes.AlreadyExists, RefusalCodes.InvalidId],
            refusals.Select(r => r?.Code));
        Assert.Equal(["fresh", "spring-bread", "spring-tea"], (await shop.Campaign().Show()).Value!.Offers.Select(o => o.Id.Value));

        Assert.Equal(fresh.Id, (await shop.Campaign().WithdrawOffer(fresh.Id)).Value!.Id);
        Assert.Equal(2, (await shop.Campaign().Show()).Value!.Offers.Count);
        Assert.Equal(RefusalCodes.UnknownOffer, (await shop.Campaign().WithdrawOffer(new("none"))).Refusal!.Code);
    }

    [Fact]
    public async Task A_change_that_offers_in_force_stand_against_is_made_once_they_are_withdrawn()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var campaign = (await shop.Campaign().Show()).Value!.Campaign;
        var deepest = (await shop.Campaign().Show()).Value!.Offers.Max(o => o.PercentBasisPoints);
        var deep = Samples.Offer("spring", "tea") with { Id = new("deep"), PercentBasisPoints = deepest + 500 };
        Assert.Null(Assert.Single(await shop.Campaign().AddOffers([deep])));
        var narrower = campaign with
        {
            Revision = campaign.Revision + 1,
            Guardrails = campaign.Guardrails with { DepthMaxBasisPoints = deepest },
        };
        var refused = (await shop.Campaign().Put(narrower)).Refusal!;
        Assert.Equal(RefusalCodes.OffersInForce, refused.Code);
        Assert.Contains("first: deep. ", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(campaign.Revision, (await shop.Campaign().Show()).Value!.Campaign.Revision);
        Assert.Null((await shop.Campaign().WithdrawOffer(deep.Id)).Refusal);
        Assert.Equal(narrower.Revision, (await shop.Campaign().Put(narrower)).Value!.Revision);
    }

    [Fact]
    public async Task A_wave_reaches_every_user_once()
    {
        await using var shop = await TestShop.Start(silos: 2, configure: o => o.WaveBatch = 7);
        await shop.Open();
        await Join(shop, 50);
        Assert.Null((await shop.Campaign().Push("first")).Refusal);
        var done = await Done(shop, "first");
        Assert.Equal((50, 50), (done.Seen, done.Issued));
        Assert.Equal(done, (await shop.Campaign().Push("first")).Value);
        Assert.Equal(50, (await shop.Campaign().Show()).Value!.Use.Issued);
        Assert.Equal(RefusalCodes.UnknownWave, (await shop.Campaign().Wave("none")).Refusal!.Code);
    }

    [Fact]
    public async Task Waves_that_begin_while_another_runs_are_all_kept_and_all_end()
    {
        await using var shop = await TestShop.Start(configure: o => (o.WaveBatch, o.WaveParallel) = (1, 1));
        await shop.Open();
        await Join(shop, 40);
        var waves = Enumerable.Range(1, 60).Select(i => $"wave-{i}").ToArray();
        foreach (var wave in waves)
        {
            Assert.Null((await shop.Campaign().Push(wave)).Refusal);
        }

        Assert.True(shop.Cluster.TryGetGrainContext(shop.Campaign().GetGrainId(), out var context));
        Assert.False((await shop.Campaign().Wave("wave-60")).Value!.Done);
        Assert.Equal(40, (await Done(shop, "wave-1")).Seen);
        Assert.True(shop.Cluster.TryGetGrainContext(shop.Campaign().GetGrainId(), out var later));
        Assert.Same(context, later); // A write that failed would have restarted it.
    }

    [Fact]
    public async Task A_wave_goes_on_by_itself_after_its_silo_died()
    {
        await using var shop = await TestShop.Start(silos: 2, configure: o => (o.WaveBatch, o.WaveParallel) = (5, 1));
        await shop.Open();
        await Join(shop, 400);
        await shop.Campaign().Push("first");
        await TestShop.Soon(() => shop.Campaign().Wave("first"), w => w.Value!.Issued >= 5, "the first batch");

        Assert.True(shop.Cluster.TryGetGrainContext(shop.Campaign().GetGrainId(), out var context));
        await shop.Cluster.KillSiloAsync(shop.Cluster.GetSiloForAddress(context.Address.SiloAddress!)!);
        // Nobody asks for the campaign; the ledger tells how far the wave is.
        await TestShop.Soon(
            async () => (await shop.Store.Ledger.Budget(new("spring"), CancellationToken.None))!.Issued, n => n == 400, "400 coupons");
        var done = await Done(shop, "first");
        Assert.Equal((400, 400), (done.Seen, done.Issued));
    }

    [Fact]
    public async Task A_paused_wave_waits()
    {
        await using var shop = await TestShop.Start(configure: o => (o.WaveBatch, o.WaveParallel) = (2, 1));
        await shop.Open();
        await Join(shop, 100);
        await shop.Campaign().Push("first");
        await shop.Campaign().SetStatus(CampaignStatus.Paused);
        var halted = (await shop.Campaign().Wave("first")).Value!;
        Assert.False(halted.Done);
        await shop.Campaign().SetStatus(CampaignStatus.Active);
        Assert.Equal(100, (await Done(shop, "first")).Seen);
    }

    private static async Task Join(TestShop shop, int users) => await shop.Store.Users.Put(
        [.. Enumerable.Range(0, users).Select(i => new Domain.Profiles.UserRecord { Id = new($"user-{i:000}") })], CancellationToken.None);

    private static async Task<Contracts.Campaigns.PushWave> Done(TestShop shop, string wave) =>
        (await TestShop.Soon(() => shop.Campaign().Wave(wave), w => w.Value!.Done, "the end of the wave")).Value!;
}
