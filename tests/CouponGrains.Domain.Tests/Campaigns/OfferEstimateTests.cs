using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class OfferEstimateTests
{
    private static readonly CatalogIndex Catalog = new(
    [
        Samples.Item(1, "tea") with { Price = Samples.Dollars(5), MarginBasisPoints = 4_000 },
        Samples.Item(2, "tea") with { Price = Samples.Dollars(10), MarginBasisPoints = 2_000 },
        Samples.Item(3, "tea") with { Price = Samples.Dollars(30), MarginBasisPoints = 6_000 },
        Samples.Item(4, "bread") with { Price = Samples.Dollars(2), MarginBasisPoints = 1_000 },
    ]);

    private static readonly BudgetUse Unused = new(Samples.Dollars(1_000), Samples.Dollars(0), 0, 0);

    [Fact]
    public void A_share_off_costs_that_share_of_the_median_price_and_leaves_the_mean_margin_less_it()
    {
        var e = Of(Samples.Percent(1_500, Tea));
        Assert.Equal(Samples.Dollars(1.5m), e.Cost);
        Assert.Equal(2_500, e.MarginLeftBasisPoints); // 40 % in the mean, less 15 %.
        Assert.Equal(Samples.Dollars(0.75m), e.ExpectedCost); // Of nothing known, half are redeemed.
    }

    [Fact]
    public void An_amount_off_a_minimum_spend_costs_the_amount_and_leaves_margin_on_that_spend()
    {
        var e = Of(Samples.Amount(20, 40, Tea), new(Samples.Dollars(1_000), Samples.Dollars(0), 98, 19));
        Assert.Equal(Samples.Dollars(20), e.Cost);
        Assert.Equal(-1_000, e.MarginLeftBasisPoints); // 40 % less half: a loss is told.
        Assert.Equal(Samples.Dollars(4), e.ExpectedCost); // 20 of 100.
    }

    [Fact]
    public void The_cap_bounds_what_one_use_costs() =>
        Assert.Equal(Samples.Dollars(1), Of(Samples.Percent(5_000, Tea) with { Cap = Samples.Dollars(1) }).Cost);

    [Fact]
    public void What_is_got_from_a_scope_of_its_own_costs_what_is_there_and_not_what_is_bought()
    {
        var apart = Samples.Percent(5_000, Tea) with
        {
            Kind = OfferKind.BuyAndGet,
            Bundle = new() { Buy = 2, Get = 1, GetScope = new() { Categories = ["bread"] } },
        };
        var e = Of(apart);
        Assert.Equal(Samples.Dollars(1), e.Cost); // Half of a bread of 2.00.
        Assert.Equal(3_500, e.MarginLeftBasisPoints); // 40 % less 1.00 of two teas of 10.00.
        Assert.Equal(Samples.Dollars(5), Of(apart with { Bundle = new() { Buy = 2, Get = 1 } }).Cost);
    }

    [Fact]
    public void The_nearest_offer_is_the_one_with_the_same_kind_scope_and_discount()
    {
        var same = Samples.Percent(1_500, Tea, "same");
        var e = Of(Samples.Percent(1_500, Tea, "new"), null,
            Samples.Amount(2, 10, Tea, "amount"), same, Samples.Percent(1_500, new() { Categories = ["bread"] }, "bread"));
        Assert.Equal((same.Id, 1.0), (e.Nearest!.Value, Math.Round(e.Likeness, 9)));
        Assert.Null(Of(same, null, same).Nearest); // It is not like itself.
    }

    private static OfferScope Tea => new() { Categories = ["tea"] };

    private static OfferEstimate Of(Offer offer, BudgetUse? use = null, params Offer[] others) =>
        OfferEstimate.Of(offer, Samples.Campaign(), use ?? Unused, Catalog, others);
}
