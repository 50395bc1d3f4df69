using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation.Tests;

internal static class Offers
{
    public static Campaign Campaign(Market market, int days) => new()
    {
        Id = new("campaign"),
        Name = "Campaign",
        Status = CampaignStatus.Active,
        Start = market.Midnight(0),
        End = market.Midnight(days),
        Budget = Usd(100_000_000),
        Guardrails = new() { Cap = Usd(100_000), MinimumSpendMin = Usd(100), MinimumSpendMax = Usd(10_000), AmountStep = Usd(50) },
    };

    public static Offer Percent(Campaign campaign, MarketCategory category, int basisPoints) => new()
    {
        Id = new($"{category.Name}-{basisPoints}"),
        Campaign = campaign.Id,
        Title = $"{basisPoints} off {category.Name}",
        Kind = OfferKind.PercentOff,
        PercentBasisPoints = basisPoints,
        Scope = new() { Categories = [category.Name] },
        ValidFor = TimeSpan.FromDays(30),
    };

    /// <summary>15 % off the category, or 1.50 off from 8.00 on.</summary>
    public static Offer Of(Campaign campaign, MarketCategory category, OfferKind kind) => kind == OfferKind.PercentOff
        ? Percent(campaign, category, 1_500)
        : Percent(campaign, category, 0) with { Kind = kind, Amount = Usd(150), MinimumSpend = Usd(800) };

    private static Money Usd(long minor) => new(minor, Market.Currency);
}
