using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>The campaign that the first start opens.</summary>
internal static class WelcomeCampaign
{
    public const string Wave = "first";

    private static readonly Currency Dollar = new("USD");

    public static CampaignId Id { get; } = new("welcome");

    public static Campaign From(DateTimeOffset now) => new()
    {
        Id = Id,
        Name = "Welcome",
        Start = now,
        End = now.AddDays(28),
        TimeZone = "America/New_York",
        Budget = new(2_000_00, Dollar),
        Guardrails = new()
        {
            Kinds = [OfferKind.PercentOff, OfferKind.AmountOff, OfferKind.SpendAndSave],
            Cap = new(10_00, Dollar),
            MinimumSpendMin = new(5_00, Dollar),
            MinimumSpendMax = new(40_00, Dollar),
            AmountStep = new(50, Dollar),
            ValidDaysMin = 7,
            ValidDaysMax = 21,
        },
    };
}
