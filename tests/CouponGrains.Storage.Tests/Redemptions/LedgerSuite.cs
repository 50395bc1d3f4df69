using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>What every ledger must do, one step after the other.</summary>
public abstract class LedgerSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task An_issued_coupon_is_in_the_wallet_with_every_field()
    {
        await Campaign();
        var answer = await Ledger.Issue(Samples.Issue("k1"), Now, default);
        var coupon = answer.Coupon!;
        Assert.Equal(CouponCode.Normalise(coupon.Code), coupon.Code);
        Assert.Equal(
            new Coupon
            {
                Code = coupon.Code, User = new("u1"), Offer = new("five-off"), Campaign = new("spring"), IssueKey = "k1",
                IssuedAt = Now, ExpiresAt = Now.AddDays(14), Model = new(7), Score = 0.75, Propensity = 0.9,
                RedemptionProbability = 0.3 - 0.1,
            },
            coupon);
        Assert.Equal([coupon], await Ledger.Wallet(new("u1"), 10, default));
        Assert.Equal(coupon, await Ledger.Find(coupon.Code.ToLowerInvariant().Replace("-", " "), default));
        Assert.Equal(new BudgetUse(new(100_000, Samples.Usd), new(0, Samples.Usd), 1, 0), await Budget());
    }

    [Fact]
    public async Task All_coupons_and_redemptions_are_listed_page_by_page()
    {
        await Campaign();
        var issued = new List<Coupon>();
        for (var i = 0; i < 5; i++)
        {
            issued.Add(await Issue($"k{i}", $"u{i % 2}"));
        }

        var codes = issued.Select(coupon => coupon.Code).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(codes[..3], (await Ledger.Coupons(null, 3, default)).Select(coupon => coupon.Code));
        Assert.Equal(codes[3..], (await Ledger.Coupons(codes[2], 9, default)).Select(coupon => coupon.Code));
        Assert.Empty(await Ledger.Redemptions(null, 9, default));
        var redeemed = (await Ledger.Redeem(Samples.Redeem("r1", issued[1]), Now, default)).Answer.Redemption!;
        var listed = Assert.Single(await Ledger.Redemptions(null, 9, default));
        Assert.Equal((redeemed.Key, redeemed.Code, redeemed.Discount.Total), (listed.Key, listed.Code, listed.Discount.Total));
        Assert.Empty(await Ledger.Redemptions("r1", 9, default));
    }

    [Fact]
    public async Task Issuing_again_with_the_key_gives_the_same_coupon_and_no_event()
    {
        await Campaign();
        var first = await Ledger.Issue(Samples.Issue("k1"), Now, default);
        var again = await Ledger.Issue(Samples.Issue("k1"), Now.AddDays(1), default);
        var other = await Ledger.Issue(Samples.Issue("k1", "u2"), Now, default);
        Assert.NotNull(first.Event);
        Assert.Equal(new CouponAnswer(first.Coupon, null, null), again);
        Assert.NotEqual(first.Coupon?.Code, other.Coupon?.Code);
        Assert.Equal(2, (await Budget()).Issued);
    }

    [Fact]
    public async Task A_coupon_never_outlives_its_campaign()
    {
        await Campaign(Samples.Campaign() with { End = Now.AddDays(3) });
        Assert.Equal(Now.AddDays(3), (await Issue("k1")).ExpiresAt);
    }

    [Theory]
    [InlineData("unknown offer", RefusalCodes.UnknownOffer)]
    [InlineData("withdrawn offer", RefusalCodes.UnknownOffer)]
    [InlineData("draft", RefusalCodes.CampaignNotActive)]
    [InlineData("paused", RefusalCodes.CampaignNotActive)]
    [InlineData("before", RefusalCodes.CampaignNotActive)]
    [InlineData("after", RefusalCodes.CampaignNotActive)]
    [InlineData("no budget", RefusalCodes.BudgetExhausted)]
    [InlineData("open cap", RefusalCodes.CapReached)]
    [InlineData("issue cap", RefusalCodes.CapReached)]
    [InlineData("empty key", RefusalCodes.InvalidId)]
    [InlineData("no propensity", RefusalCodes.InvalidValue)]
    public async Task What_may_not_be_issued_is_refused_and_leaves_no_trace(string reason, string code)
    {
        var campaign = Samples.Campaign();
        await Campaign(reason switch
        {
            "draft" => campaign with { Status = CampaignStatus.Draft },
            "paused" => campaign with { Status = CampaignStatus.Paused },
            "before" => campaign with { Start = Now.AddTicks(1) },
            "after" => campaign with { Start = Now.AddDays(-2), End = Now },
            "no budget" => campaign with { Budget = new(0, Samples.Usd) },
            "open cap" => campaign with { Caps = campaign.Caps with { OpenPerUser = 0 } },
            "issue cap" => campaign with { Caps = campaign.Caps with { IssuedPerUser = 0 } },
            _ => campaign,
        });
        if (reason == "withdrawn offer")
        {
            await Store.Campaigns.WithdrawOffer(new("five-off"), default);
        }

        var request = Samples.Issue(reason == "empty key" ? "" : "k1", offer: reason == "unknown offer" ? "none" : "five-off");
        var answer = await Ledger.Issue(reason == "no propensity" ? request with { Propensity = 0 } : request, Now, default);
        Assert.Equal(code, answer.Refusal?.Code);
        Assert.Null(answer.Coupon);
        Assert.Null(answer.Event);
        Assert.Equal(0, (await Budget()).Issued);
        Assert.Equal(0, (await Store.Events.Size(default)).Events);
    }

    [Fact]
    public async Task Coupons_that_ran_out_do_not_count_as_open()
    {
        await Campaign();
        for (var i = 0; i < 3; i++)
        {
            await Issue($"k{i}");
        }

        Assert.Equal(RefusalCodes.CapReached, (await Ledger.Issue(Samples.Issue("k3"), Now, default)).Refusal?.Code);
        Store.Time.Advance(TimeSpan.FromDays(14));
        Assert.NotNull((await Ledger.Issue(Samples.Issue("k3"), Now, default)).Coupon);
    }

    [Fact]
    public async Task Viewing_claiming_and_rating_are_each_recorded_once()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var viewed = await Ledger.View(coupon.User, coupon.Code, Now.AddHours(1), default);
        var claimed = await Ledger.Claim(coupon.User, coupon.Code, Now.AddHours(2), default);
        var rated = await Ledger.Rate(coupon.User, coupon.Code, 4, Now.AddHours(3), default);
        var better = await Ledger.Rate(coupon.User, coupon.Code, 5, Now.AddHours(3), default);
        Assert.Equal(Now.AddHours(1), viewed.Coupon?.ViewedAt);
        Assert.Equal((CouponState.Claimed, (DateTimeOffset?)Now.AddHours(2)), (claimed.Coupon!.State, claimed.Coupon.ClaimedAt));
        Assert.Equal((4, 5), (rated.Coupon?.Rating, better.Coupon?.Rating));
        Assert.Null((await Ledger.View(coupon.User, coupon.Code, Now.AddHours(4), default)).Event);
        Assert.Null((await Ledger.Claim(coupon.User, coupon.Code, Now.AddHours(4), default)).Event);
        Assert.Null((await Ledger.Rate(coupon.User, coupon.Code, 5, Now.AddHours(4), default)).Event);
        Assert.Equal(better.Coupon, await Ledger.Find(coupon.Code, default));
        Assert.Equal(
            [EventKind.Issued, EventKind.CouponViewed, EventKind.Claimed, EventKind.Rated, EventKind.Rated],
            (await EventsOf("u1")).Select(e => e.Kind));
    }

    [Fact]
    public async Task A_strangers_coupon_is_unknown_and_a_bad_rating_is_refused()
    {
        await Campaign();
        var coupon = await Issue("k1");
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.View(new("u2"), coupon.Code, Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.Claim(new("u2"), coupon.Code, Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.UnknownCoupon, (await Ledger.Claim(new("u1"), "nonsense", Now, default)).Refusal?.Code);
        Assert.Equal(RefusalCodes.InvalidValue, (await Ledger.Rate(new("u1"), coupon.Code, 6, Now, default)).Refusal?.Code);
        Assert.Equal(coupon, await Ledger.Find(coupon.Code, default));
    }

    [Fact]
    public async Task Coupons_expire_when_their_time_is_over_and_not_before()
    {
        await Campaign();
        var first = await Issue("k1");
        Store.Time.Advance(TimeSpan.FromDays(1));
        var second = await Issue("k2");
        await Issue("k1", "u2");
        Store.Time.SetUtcNow(first.ExpiresAt.AddTicks(-1));
        Assert.Empty(await Ledger.ExpireDue(new("u1"), Now, default));
        Assert.Empty(await Ledger.UsersWithDue(Now, 10, default));
        Store.Time.SetUtcNow(first.ExpiresAt);
        Assert.Equal([new("u1")], await Ledger.UsersWithDue(Now, 10, default));
        Assert.Equal(RefusalCodes.CouponNotOpen, (await Ledger.Claim(first.User, first.Code, Now, default)).Refusal?.Code);
        var expired = Assert.Single(await Ledger.ExpireDue(new("u1"), Now, default));
        Assert.Equal((first.Code, CouponState.Expired), (expired.Coupon!.Code, expired.Coupon.State));
        Assert.Equal((EventKind.Expired, first.ExpiresAt), (expired.Event!.Event.Kind, expired.Event.Event.At));
        Assert.Empty(await Ledger.ExpireDue(new("u1"), Now, default));
        Assert.Equal(CouponState.Issued, (await Ledger.Find(second.Code, default))?.State);
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, (await Ledger.UsersWithDue(Now, 10, default)).Count);
        Assert.Single(await Ledger.UsersWithDue(Now, 1, default));
    }

    [Fact]
    public async Task Redeeming_uses_the_coupon_and_moves_the_budget()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var request = Samples.Redeem("r1", coupon);
        var preview = await Ledger.Validate(request, Now, default);
        var answer = await Ledger.Redeem(request, Now, default);
        Assert.Equal((RedemptionStatus.Redeemed, 500L), (preview.Status, preview.Discount!.Total.Minor));
        Assert.Null(preview.Redemption);
        Assert.Equal(RedemptionStatus.Redeemed, answer.Answer.Status);
        Assert.Equal(("r1", coupon.Code, "order-r1", Now), (answer.Answer.Redemption!.Key, answer.Answer.Redemption.Code,
            answer.Answer.Redemption.Order, answer.Answer.Redemption.At));
        Assert.Equal(CouponState.Redeemed, answer.Coupon?.State);
        Assert.Equal((EventKind.Redeemed, 500L), (answer.Event!.Event.Kind, answer.Event.Event.Amount!.Value.Minor));
        Assert.Equal(new BudgetUse(new(100_000, Samples.Usd), new(500, Samples.Usd), 1, 1), await Budget());
        Assert.Equal(RedemptionStatus.AlreadyRedeemed, (await Ledger.Redeem(request with { Key = "r2" }, Now, default)).Answer.Status);
    }

    [Fact]
    public async Task Redeeming_twice_with_one_key_spends_the_budget_once()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var first = await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        var again = Samples.Redeem("r1", coupon) with { Code = coupon.Code.ToLowerInvariant(), PriorOrders = 3 };
        var second = await Ledger.Redeem(again, Now.AddYears(1), default);
        Assert.Equal(Text(first.Answer), Text(second.Answer));
        Assert.Null(second.Event);
        Assert.Equal(500, (await Budget()).Spent.Minor);
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Validate(again, Now, default)).Status);
    }

    [Fact]
    public async Task A_key_with_other_content_is_refused()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var other = await Issue("k2");
        var request = Samples.Redeem("r1", coupon);
        await Ledger.Redeem(request, Now, default);
        foreach (var changed in (RedemptionRequest[])[
            request with { Order = "another" }, request with { Code = other.Code }, request with { User = new("u2") },
            request with { Cart = Samples.Cart(2_001) }])
        {
            var answer = await Ledger.Redeem(changed, Now, default);
            Assert.Equal(RedemptionStatus.KeyReusedWithOtherContent, answer.Answer.Status);
            Assert.Equal(RedemptionStatus.KeyReusedWithOtherContent, (await Ledger.Validate(changed, Now, default)).Status);
        }

        Assert.Equal(1, (await Budget()).Redeemed);
    }

    [Fact]
    public async Task A_refused_redemption_changes_nothing_and_may_be_tried_again()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var request = Samples.Redeem("r1", coupon);
        Assert.Equal(RedemptionStatus.UnknownCoupon,
            (await Ledger.Redeem(request with { Code = "nonsense" }, Now, default)).Answer.Status);
        var stranger = await Ledger.Redeem(request with { User = new("u2") }, Now, default);
        Assert.Equal((RedemptionStatus.IssuedToAnotherUser, (Coupon?)null), (stranger.Answer.Status, stranger.Coupon));
        Assert.Equal(RedemptionStatus.Expired, (await Ledger.Redeem(request, coupon.ExpiresAt, default)).Answer.Status);
        Assert.Equal(new BudgetUse(new(100_000, Samples.Usd), new(0, Samples.Usd), 1, 0), await Budget());
        Assert.Equal(RedemptionStatus.Redeemed, (await Ledger.Redeem(request, Now, default)).Answer.Status);
    }

    [Fact]
    public async Task Rolling_back_gives_the_budget_and_the_coupon_back_once()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Ledger.Claim(coupon.User, coupon.Code, Now, default);
        await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        var first = await Ledger.RollBack(coupon.User, "r1", Now, default);
        var second = await Ledger.RollBack(coupon.User, "r1", Now.AddDays(1), default);
        Assert.Equal(RedemptionStatus.Redeemed, first.Answer.Status);
        Assert.Equal(Now, first.Answer.Redemption?.RolledBackAt);
        Assert.Equal(CouponState.Claimed, first.Coupon?.State);
        Assert.Equal(EventKind.RolledBack, first.Event?.Event.Kind);
        Assert.Equal(Text(first.Answer), Text(second.Answer));
        Assert.Null(second.Event);
        Assert.Equal(new BudgetUse(new(100_000, Samples.Usd), new(0, Samples.Usd), 1, 0), await Budget());
        var again = await Ledger.Redeem(Samples.Redeem("r2", coupon), Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, again.Answer.Status);
        Assert.NotNull(again.Event);
        Assert.Equal(500, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task The_key_of_a_redemption_that_was_rolled_back_gives_nothing_any_more()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var request = Samples.Redeem("r1", coupon);
        await Ledger.Redeem(request, Now, default);
        await Ledger.RollBack(coupon.User, "r1", Now, default);
        Assert.Equal(new(RedemptionStatus.RolledBack), (await Ledger.Redeem(request, Now, default)).Answer);
        Assert.Equal(new(RedemptionStatus.RolledBack), await Ledger.Validate(request, Now, default));
        Assert.Equal(0, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task A_rolled_back_coupon_whose_time_is_over_is_expired()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        Assert.Equal(CouponState.Expired, (await Ledger.RollBack(coupon.User, "r1", coupon.ExpiresAt, default)).Coupon?.State);
    }

    [Fact]
    public async Task Nobody_rolls_back_what_is_not_his()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        Assert.Equal(RedemptionStatus.UnknownCoupon, (await Ledger.RollBack(new("u2"), "r1", Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.UnknownCoupon, (await Ledger.RollBack(new("u1"), "r9", Now, default)).Answer.Status);
        Assert.Equal(500, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task The_wallet_shows_the_newest_first()
    {
        await Campaign();
        var codes = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            codes.Insert(0, (await Issue($"k{i}")).Code);
        }

        Assert.Equal(codes, (await Ledger.Wallet(new("u1"), 10, default)).Select(c => c.Code));
        Assert.Equal(codes.Take(2), (await Ledger.Wallet(new("u1"), 2, default)).Select(c => c.Code));
    }

    [Fact]
    public async Task Acknowledged_steps_are_there_after_a_crash_and_can_be_repeated()
    {
        await Campaign();
        var coupon = await Issue("k1");
        var first = await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default);
        await Store.Crash();
        Assert.Equal(Text(first.Answer), Text((await Ledger.Redeem(Samples.Redeem("r1", coupon), Now, default)).Answer));
        Assert.Equal(coupon.Code, (await Ledger.Issue(Samples.Issue("k1"), Now, default)).Coupon?.Code);
        Assert.Equal(new BudgetUse(new(100_000, Samples.Usd), new(500, Samples.Usd), 1, 1), await Budget());
    }

    [Fact]
    public async Task An_event_that_took_the_ledgers_id_does_not_stand_in_the_way()
    {
        await Campaign();
        var coupon = await Issue("k1");
        await Store.Events.Append([Samples.View($"coupon:{coupon.Code}:claimed", "u9", "i1")], default);
        var claimed = await Ledger.Claim(coupon.User, coupon.Code, Now, default);
        Assert.Equal(CouponState.Claimed, claimed.Coupon?.State);
        Assert.Contains(await EventsOf("u1"), e => e.Kind == EventKind.Claimed && e.Id == claimed.Event!.Event.Id);
    }

    [Fact]
    public async Task A_budget_is_not_lowered_below_what_is_spent_nor_moved_to_another_currency()
    {
        await Campaign();
        await Ledger.Redeem(Samples.Redeem("r1", await Issue("k1")), Now, default);
        var next = Samples.Campaign() with { Revision = 2 };
        var lower = await Assert.ThrowsAsync<RefusedException>(
            () => Store.Campaigns.Put(next with { Budget = new(499, Samples.Usd) }, default));
        var other = await Assert.ThrowsAsync<RefusedException>(
            () => Store.Campaigns.Put(next with { Budget = new(100_000, new("EUR")) }, default));
        Assert.Equal((RefusalCodes.BudgetBelowSpent, RefusalCodes.CurrencyMismatch), (lower.Refusal.Code, other.Refusal.Code));
        Assert.Equal(1, (await Store.Campaigns.Get(new("spring"), default))?.Revision);
        Assert.True(await Store.Campaigns.Put(next with { Budget = new(500, Samples.Usd) }, default));
        Assert.Equal(new BudgetUse(new(500, Samples.Usd), new(500, Samples.Usd), 1, 1), await Budget());
    }

    [Fact]
    public async Task There_is_no_budget_without_a_campaign() =>
        Assert.Null(await Ledger.Budget(new("unknown"), default));
}
