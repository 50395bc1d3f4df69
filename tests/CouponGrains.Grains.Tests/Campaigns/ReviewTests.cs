using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Grains.Tests.Campaigns;

public sealed class ReviewTests
{
    private static readonly Offer Designed = Samples.Offer("spring", "tea") with
    {
        Id = new("designed"), PercentBasisPoints = 2_000, Source = OfferSource.Generated, DesignedBy = new(1),
    };

    [Fact]
    public async Task A_designed_offer_of_a_campaign_with_review_is_neither_ranked_nor_issued_before_it_is_approved()
    {
        await using var shop = await TestShop.Start();
        await Held(shop);
        Assert.DoesNotContain("designed", await Ranked(shop));
        var issue = await shop.User("ann").Issue(new("k1", new("spring"), Designed.Id));
        Assert.Equal(RefusalCodes.UnknownOffer, issue.Refusal!.Code);

        var waiting = Assert.Single((await shop.Campaign().Reviews()).Value!.Reviews);
        Assert.Equal((ReviewStatus.Waiting, null), (waiting.Status, waiting.At));
        Assert.Equal(200, waiting.Cost.Minor); // A fifth of the median price of 1,000.
        Assert.Equal(3_000, waiting.MarginLeftBasisPoints); // Half, less a fifth.
        Assert.Equal("spring-tea", waiting.Nearest!.Value.Value);

        Assert.Equal(Designed.Id, (await shop.Campaign().Decide(Designed.Id, true, "good")).Value!.Id);
        await shop.Refreshed();
        Assert.Contains("designed", await Ranked(shop));
        Assert.NotNull((await shop.User("ann").Issue(new("k2", new("spring"), Designed.Id))).Value);
        var approved = Assert.Single((await shop.Campaign().Reviews()).Value!.Reviews);
        Assert.Equal((ReviewStatus.Approved, "good"), (approved.Status, approved.Note));
        Assert.Equal(shop.Time.GetUtcNow(), approved.At!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_rejected_offer_never_comes_into_force_and_a_decision_is_not_turned_round()
    {
        await using var shop = await TestShop.Start();
        await Held(shop);
        Assert.Null((await shop.Campaign().Decide(Designed.Id, false, "too deep")).Refusal);
        Assert.Null((await shop.Campaign().Decide(Designed.Id, false, "again")).Refusal);
        Assert.Equal(RefusalCodes.InvalidValue, (await shop.Campaign().Decide(Designed.Id, true, "")).Refusal!.Code);
        Assert.Equal(RefusalCodes.UnknownOffer, (await shop.Campaign().Decide(new("none"), true, "")).Refusal!.Code);
        await shop.Refreshed();
        Assert.DoesNotContain("designed", await Ranked(shop));
        Assert.Equal("too deep", Assert.Single((await shop.Campaign().Reviews()).Value!.Reviews).Note);
        Assert.Equal([RefusalCodes.AlreadyExists], (await shop.Campaign().AddOffers([Designed])).Select(r => r?.Code));
    }

    [Fact]
    public async Task An_offer_that_the_guardrails_do_not_allow_any_more_is_not_approved()
    {
        await using var shop = await TestShop.Start();
        var campaign = await Held(shop);
        var narrower = campaign with
        {
            Revision = campaign.Revision + 1, Guardrails = campaign.Guardrails with { DepthMaxBasisPoints = 1_000 },
        };
        Assert.Null((await shop.Campaign().Put(narrower)).Refusal);
        Assert.Equal(RefusalCodes.OfferOutsideGuardrails,
            (await shop.Campaign().Decide(Designed.Id, true, "")).Refusal!.Code);
        Assert.Equal(ReviewStatus.Waiting, (await shop.Campaign().Reviews()).Value!.Reviews[0].Status);
    }

    [Fact]
    public async Task An_offer_written_by_hand_needs_no_review_and_is_ranked_by_taste_at_once()
    {
        await using var shop = await TestShop.Start();
        await shop.Publish(Samples.TeaAndBread(shop.Time.GetUtcNow()));
        await Held(shop);
        Assert.Equal([null], await shop.Campaign().AddOffers(
            [Designed with { Id = new("by-hand"), Source = OfferSource.Handwritten, DesignedBy = default }]));
        await shop.Refreshed();
        Assert.Contains("by-hand", await Ranked(shop));
        var byHand = (await shop.User("ann").Offers(new(10))).Offers.Single(o => o.Offer.Id.Value == "by-hand");
        Assert.Equal("past_item", byHand.Reasons[0].Kind); // Its embedding speaks: ann bought tea.
        Assert.Equal(["designed"], (await shop.Campaign().Reviews()).Value!.Reviews.Select(r => r.Offer.Id.Value));
    }

    [Fact]
    public async Task Without_review_a_designed_offer_is_in_force_at_once()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        Assert.Equal([null], await shop.Campaign().AddOffers([Designed]));
        await shop.Refreshed();
        Assert.Contains("designed", await Ranked(shop));
        Assert.Empty((await shop.Campaign().Reviews()).Value!.Reviews);
    }

    private static async Task<Campaign> Held(TestShop shop)
    {
        var campaign = await shop.Open();
        var held = campaign with { Revision = campaign.Revision + 1, Approval = OfferApproval.Review };
        Assert.Equal(OfferApproval.Review, (await shop.Campaign().Put(held)).Value!.Approval);
        Assert.Equal([null], await shop.Campaign().AddOffers([Designed]));
        await shop.Refreshed();
        return held;
    }

    private static async Task<string[]> Ranked(TestShop shop)
    {
        await shop.User("ann").Record([Samples.Event($"e{Guid.NewGuid()}", "ann", "tea-1", shop.Time.GetUtcNow())]);
        return [.. (await shop.User("ann").Offers(new(10))).Offers.Select(o => o.Offer.Id.Value)];
    }
}
