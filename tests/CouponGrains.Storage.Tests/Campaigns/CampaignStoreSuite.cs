using System.Text.Json;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Storage.Tests.Campaigns;

/// <summary>What every campaign store must do.</summary>
public abstract class CampaignStoreSuite<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private ICampaignStore Campaigns => Store.Campaigns;

    [Fact]
    public async Task A_campaign_comes_back_with_every_field()
    {
        var campaign = Samples.Campaign();
        Assert.True(await Campaigns.Put(campaign, default));
        Assert.Equal(JsonSerializer.Serialize(campaign), JsonSerializer.Serialize(await Campaigns.Get(campaign.Id, default)));
        Assert.Null(await Campaigns.Get(new("unknown"), default));
    }

    [Fact]
    public async Task A_change_must_follow_the_stored_revision()
    {
        var first = Samples.Campaign();
        Assert.False(await Campaigns.Put(first with { Revision = 2 }, default));
        Assert.True(await Campaigns.Put(first, default));
        Assert.False(await Campaigns.Put(first, default));
        Assert.True(await Campaigns.Put(first with { Revision = 2, Name = "Two" }, default));
        Assert.False(await Campaigns.Put(first with { Revision = 2, Name = "Other two" }, default));
        Assert.False(await Campaigns.Put(first with { Revision = 4 }, default));
        var stored = await Campaigns.Get(first.Id, default);
        Assert.Equal((2, "Two"), (stored!.Revision, stored.Name));
    }

    [Fact]
    public async Task Of_many_changes_at_once_to_one_revision_one_wins()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(
            () => Campaigns.Put(Samples.Campaign() with { Revision = 2, Name = $"name {i}" }, default))));
        Assert.Single(answers, won => won);
    }

    [Fact]
    public async Task The_currency_changes_only_while_there_are_no_offers_in_it()
    {
        var euros = new Currency("EUR");
        var campaign = Samples.Campaign();
        await Store.Campaigns.Put(campaign, default);
        Assert.True(await Store.Campaigns.Put(campaign with { Revision = 2, Budget = new(5, euros) }, default));
        Assert.True(await Store.Campaigns.Put(campaign with { Revision = 3 }, default));
        await Store.Campaigns.AddOffers([Samples.Offer()], default);
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            Store.Campaigns.Put(campaign with { Revision = 4, Budget = new(5, euros) }, default));
        Assert.Equal(RefusalCodes.CurrencyMismatch, refused.Refusal.Code);
        Assert.Equal(3, (await Store.Campaigns.Get(campaign.Id, default))?.Revision);
    }

    [Fact]
    public async Task Campaigns_and_their_offers_are_listed_in_the_order_of_their_ids()
    {
        await Campaigns.Put(Samples.Campaign("b"), default);
        await Campaigns.Put(Samples.Campaign("a"), default);
        await Campaigns.AddOffers([Samples.Offer("o2", "b"), Samples.Offer("o1", "b"), Samples.Offer("o3", "a")], default);
        Assert.Equal(["a", "b"], (await Campaigns.List(default)).Select(c => c.Id.Value));
        Assert.Equal(["o1", "o2"], (await Campaigns.Offers(new("b"), default)).Select(o => o.Id.Value));
        Assert.Empty(await Campaigns.Offers(new("unknown"), default));
    }

    [Fact]
    public async Task An_offer_comes_back_with_every_field()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        var offer = Samples.Offer() with
        {
            Kind = OfferKind.Gift, Cap = new(100, Samples.Usd), Gift = new("mug"), MinimumSpend = new(1_000, Samples.Usd),
            PercentBasisPoints = 1_500, FirstOrderOnly = true, ValidFor = TimeSpan.FromTicks(123_456_789), Source = OfferSource.Generated,
            DesignedBy = new(3),
            Scope = new() { Items = [new("i1")], Categories = ["GROCERY"], Brands = ["B"], Excluded = [new("i2")] },
            Tiers = [new(new(2_000, Samples.Usd), new(300, Samples.Usd))], RepeatsMax = 4, OrdersMin = 1,
                OrdersMax = 9, Stock = 5, UsesMax = 2,
            Points = new() { Price = 100, Factor = 2, Step = new(100, Samples.Usd) },
            Bundle = new() { Buy = 2, Get = 1, GetScope = new() { Brands = ["B"] } },
            Times = new()
            {
                Start = Samples.Start, End = Samples.Start.AddDays(3), Weekdays = [DayOfWeek.Sunday, DayOfWeek.Monday],
                From = new(18, 30), Until = new(2, 0),
            },
            Stacking = new() { Rule = StackingRule.StackableWith, Class = "a", With = ["b", "c"], Priority = 7 },
        };
        await Campaigns.AddOffers([offer], default);
        Assert.Equal(JsonSerializer.Serialize(offer), JsonSerializer.Serialize(await Campaigns.GetOffer(offer.Id, default)));
        Assert.Null(await Campaigns.GetOffer(new("unknown"), default));
    }

    [Fact]
    public async Task An_offer_whose_id_exists_is_left_as_it_is()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        Assert.Equal(1, await Campaigns.AddOffers([Samples.Offer("o1")], default));
        Assert.Equal(1, await Campaigns.AddOffers([Samples.Offer("o1") with { Title = "Other" }, Samples.Offer("o2")], default));
        Assert.Equal("Five off", (await Campaigns.GetOffer(new("o1"), default))?.Title);
    }

    [Fact]
    public async Task Offers_of_an_unknown_campaign_are_refused_and_none_is_added()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => Campaigns.AddOffers([Samples.Offer("o1"), Samples.Offer("o2", "unknown")], default));
        Assert.Equal(RefusalCodes.UnknownCampaign, refused.Refusal.Code);
        Assert.Null(await Campaigns.GetOffer(new("o1"), default));
    }

    [Fact]
    public async Task A_withdrawn_offer_is_not_in_force_but_still_known()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        await Campaigns.AddOffers([Samples.Offer("o1"), Samples.Offer("o2")], default);
        Assert.True(await Campaigns.WithdrawOffer(new("o1"), default));
        Assert.True(await Campaigns.WithdrawOffer(new("o1"), default));
        Assert.False(await Campaigns.WithdrawOffer(new("unknown"), default));
        Assert.Equal(["o2"], (await Campaigns.Offers(new("spring"), default)).Select(o => o.Id.Value));
        Assert.NotNull(await Campaigns.GetOffer(new("o1"), default));
    }

    [Fact]
    public async Task An_offer_held_for_review_is_in_force_only_once_it_is_approved()
    {
        await Campaigns.Put(Samples.Campaign(), default);
        Assert.Equal(2, await Campaigns.HoldOffers([Samples.Offer("o1"), Samples.Offer("o2")], default));
        Assert.Equal(0, await Campaigns.AddOffers([Samples.Offer("o1")], default));
        Assert.Empty(await Campaigns.Offers(new("spring"), default));
        var issue = await Store.Ledger.Issue(Samples.Issue("k1", offer: "o1"), Samples.Start.AddDays(1), default);
        Assert.Equal(RefusalCodes.UnknownOffer, issue.Refusal?.Code);

        var (stamp, at) = (await Campaigns.Stamp(default), Samples.Start.AddHours(5));
        Assert.True(await Campaigns.Decide(new("o1"), true, "good", at, default));
        Assert.True(await Campaigns.Decide(new("o2"), false, "", at, default));
        Assert.False(await Campaigns.Decide(new("o2"), true, "", at, default));
        Assert.False(await Campaigns.Decide(new("unknown"), true, "", at, default));
        Assert.True(await Campaigns.Stamp(default) > stamp);
        Assert.Equal(["o1"], (await Campaigns.Offers(new("spring"), default)).Select(o => o.Id.Value));
        Assert.Equal(
            [("o1", ReviewStatus.Approved, at, "good"), ("o2", ReviewStatus.Rejected, at, "")],
            (await Campaigns.Reviews(new("spring"), default)).Select(r => (r.Offer.Id.Value, r.Status, r.At!.Value, r.Note)));
        Assert.NotNull((await Store.Ledger.Issue(Samples.Issue("k2", offer: "o1"), Samples.Start.AddDays(1), default)).Coupon);
    }

    [Fact]
    public async Task The_stamp_grows_with_every_change_and_only_then()
    {
        var stamps = new List<long> { await Campaigns.Stamp(default) };
        await Campaigns.Put(Samples.Campaign(), default);
        stamps.Add(await Campaigns.Stamp(default));
        await Campaigns.AddOffers([Samples.Offer()], default);
        stamps.Add(await Campaigns.Stamp(default));
        await Campaigns.WithdrawOffer(Samples.Offer().Id, default);
        stamps.Add(await Campaigns.Stamp(default));
        Assert.Equal(stamps.Distinct().Order(), stamps);

        await Campaigns.Put(Samples.Campaign(), default);
        await Campaigns.AddOffers([Samples.Offer()], default);
        await Campaigns.WithdrawOffer(Samples.Offer().Id, default);
        Assert.Equal(stamps[^1], await Campaigns.Stamp(default));
    }
}
