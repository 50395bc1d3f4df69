using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers;

namespace CouponGrains.Training.Tests.Offers;

public sealed class DesignCodeTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly CatalogIndex Catalog = new(
        [new() { Id = new("a"), Title = "A", Categories = ["TEA"], Price = Dollars(3), MarginBasisPoints = 6_000 }]);

    private static readonly Guardrails Limits = new()
    {
        Kinds = Enum.GetValues<OfferKind>(), Cap = Dollars(10), MinimumSpendMin = Dollars(10),
        MinimumSpendMax = Dollars(60), AmountStep = new(50, Usd),
    };

    public static TheoryData<string, Offer> Offers => new()
    {
        { "a share", Of(OfferKind.PercentOff) with { PercentBasisPoints = 1_500 } },
        { "an amount", Of(OfferKind.AmountOff) with { Amount = Dollars(6), MinimumSpend = Dollars(30) } },
        {
            "an amount for each minimum",
            Of(OfferKind.SpendAndSave) with { Amount = Dollars(6), MinimumSpend = Dollars(30), RepeatsMax = 4 }
        },
        {
            "a set of four, one of them free",
            Of(OfferKind.BuyAndGet) with { PercentBasisPoints = 10_000, Bundle = new() { Buy = 3, Get = 1 } }
        },
        {
            "four times the points",
            Of(OfferKind.PointsMultiplied) with
            {
                Points = new() { Factor = 4, Step = new(50, Usd) }, MinimumSpend = Dollars(20),
            }
        },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public void An_offer_written_as_a_design_is_decoded_to_what_it_gave(string what, Offer offer)
    {
        Assert.NotEmpty(what);
        Assert.Equal(Content(offer), Content(Decode(offer, Limits)));
        var hours = Limits with { ValidHoursMin = 2, ValidDaysMin = 1, ValidDaysMax = 2 };
        var brief = offer with { ValidFor = TimeSpan.FromHours(5) };
        Assert.Equal(Content(brief), Content(Decode(brief, hours)));
    }

    private static Offer Decode(Offer offer, Guardrails guardrails)
    {
        var raw = RawDesign.Of(DesignCode.Encode(offer, guardrails, [1f]));
        var (decoded, refusal) = OfferDecoder.Decode(
            new(raw.Kinds, raw.Depth, raw.Threshold, raw.Validity, [1f]) { Form = raw.Form, Repeats = raw.Repeats },
            new("again"), new("c"), guardrails, Catalog);
        Assert.Null(refusal);
        return decoded!;
    }

    private static (OfferKind, int, Money?, Money?, int, (int, int)?, int?, TimeSpan) Content(Offer o) => (
        o.Kind, o.PercentBasisPoints, o.Amount, o.MinimumSpend, o.RepeatsMax,
        o.Bundle is { } bundle ? (bundle.Buy, bundle.Get) : null, o.Points?.Factor, o.ValidFor);

    private static Offer Of(OfferKind kind) => new()
    {
        Id = new("own"), Campaign = new("c"), Title = "Own", Kind = kind, ValidFor = TimeSpan.FromDays(14),
    };

    private static Money Dollars(int dollars) => new(100 * dollars, Usd);
}
