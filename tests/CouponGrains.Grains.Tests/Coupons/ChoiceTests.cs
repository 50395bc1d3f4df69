using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Grains.Tests.Coupons;

public sealed class ChoiceTests
{
    private static readonly CampaignId Spring = new("spring");

    [Fact]
    public async Task Several_coupons_are_chosen_between_and_redeemed_on_one_order()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        var user = shop.User("ann");
        Assert.Equal([null, null], await shop.Campaign().AddOffers(
            [Stackable("tea", "teas", 3_000), Stackable("bread", "breads", 2_000)]));
        var alone = (await user.Issue(new("k1", Spring, new("spring-tea")))).Value!;
        var tea = (await user.Issue(new("k2", Spring, new("stack-tea")))).Value!;
        var bread = (await user.Issue(new("k3", Spring, new("stack-bread")))).Value!;
        var request = new ChoiceRequest
        {
            User = new("ann"),
            Codes = [alone.Code, tea.Code.ToLowerInvariant(), bread.Code, "nonsense", tea.Code],
            Order = "o-1",
            Cart = new()
            {
                Currency = Samples.Usd,
                Lines = [new(new("tea-1"), 2, new(1_000, Samples.Usd)),
                    new(new("bread-1"), 1, new(1_000, Samples.Usd))],
            },
        };

        var choice = await user.Choose(request);
        Assert.Equal(new(600 + 200, Samples.Usd), choice.Total);
        Assert.Equal([tea.Code, bread.Code], choice.Chosen.Select(c => c.Code).OrderBy(c => c != tea.Code));
        var reasons = choice.Unused.ToDictionary(u => u.Code, u => u.Reason);
        Assert.Equal(RedemptionStatus.NotStackable, reasons[alone.Code]);
        Assert.Equal(RedemptionStatus.UnknownCoupon, reasons["nonsense"]);
        var shops = await user.Choose(request with { Mode = ChoiceMode.BestForShop });
        Assert.Equal([alone.Code], shops.Chosen.Select(c => c.Code));

        foreach (var chosen in choice.Chosen)
        {
            var redeemed = await Redeem(chosen.Code);
            Assert.Equal((RedemptionStatus.Redeemed, chosen.Discount.Total),
                (redeemed.Status, redeemed.Discount?.Total));
        }

        Assert.Equal(RedemptionStatus.NotStackable, (await Redeem(alone.Code)).Status);
        await user.RollBack("r-" + tea.Code);
        await user.RollBack("r-" + bread.Code);
        Assert.Equal(RedemptionStatus.Redeemed, (await Redeem(alone.Code)).Status);

        Task<RedemptionAnswer> Redeem(string code) => user.Redeem(new()
        {
            Key = "r-" + code, User = new("ann"), Code = code, Order = "o-1", Cart = request.Cart,
        });
    }

    [Fact]
    public async Task When_the_stock_of_an_offer_is_used_up_the_next_best_is_issued()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Campaign().WithdrawOffer(new("spring-tea"));
        await shop.Campaign().WithdrawOffer(new("spring-bread"));
        Assert.Equal([null, null], await shop.Campaign().AddOffers(
            [Stackable("tea", "teas", 3_000) with { Stock = 2 }, Stackable("tea", "more", 1_000, "zweite")]));
        await shop.Refreshed();
        var offers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var issued = await shop.User($"u{i}").Issue(new("k", Spring));
            Assert.Null(issued.Refusal);
            offers.Add(issued.Value!.Offer.Value);
        }

        Assert.Equal(2, offers.Count(o => o == "stack-tea"));
        Assert.Equal(2, offers.Count(o => o == "zweite-tea"));
        Assert.Equal(
            RefusalCodes.StockExhausted,
                (await shop.User("u9").Issue(new("k", Spring, new("stack-tea")))).Refusal?.Code);
    }

    [Fact]
    public async Task An_offer_for_returning_users_is_not_issued_to_a_new_one_unless_it_is_named()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await shop.Campaign().WithdrawOffer(new("spring-tea"));
        await shop.Campaign().WithdrawOffer(new("spring-bread"));
        Assert.Equal([null], await shop.Campaign().AddOffers(
            [Stackable("tea", "teas", 3_000, "again") with { OrdersMin = 1 }]));
        await shop.Refreshed();
        Assert.Equal(
            RefusalCodes.NoSuitableOffer, (await shop.User("new").Issue(new("k", Spring))).Refusal?.Code);
        Assert.True((await shop.User("new").Issue(new("k2", Spring, new("again-tea")))).Succeeded);
        Assert.Equal([null], await shop.Campaign().AddOffers([Stackable("tea", "teas", 1_000, "zweite")]));
        await shop.Refreshed();
        Assert.Equal("zweite-tea", (await shop.User("other").Issue(new("k", Spring))).Value?.Offer.Value);
    }

    private static Offer Stackable(string category, string name, int percent, string prefix = "stack") =>
        Samples.Offer("spring", category) with
        {
            Id = new($"{prefix}-{category}"),
            PercentBasisPoints = percent,
            Stacking = new() { Rule = StackingRule.OnePerClass, Class = name },
        };
}
