using CouponGrains.Domain;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Storage.Import;

/// <summary>The fields of a row that only some kinds of offers have. What is not given takes the offer's
/// defaults.</summary>
internal sealed record OfferParts
{
    private int RepeatsMax { get; init; }

    private IReadOnlyList<SpendTier> Tiers { get; init; } = [];

    private OfferPoints? Points { get; init; }

    private OfferBundle? Bundle { get; init; }

    private int? OrdersMin { get; init; }

    private int? OrdersMax { get; init; }

    private int? Stock { get; init; }

    private int UsesMax { get; init; }

    private Stacking Stacking { get; init; } = new();

    /// <summary>Reads them; faults are the draft's.</summary>
    public static OfferParts Read(RowDraft draft)
    {
        var points = new OfferPoints
        {
            Price = draft.Whole("pointsPrice"),
            Factor = draft.Whole("pointsFactor", 1),
            Step = draft.Amount("pointsStep"),
        };
        var got = draft.List("getCategories");
        return new()
        {
            RepeatsMax = draft.Whole("repeatsMax", 1),
            Tiers = [.. draft.List("tiers").Select(text => Tier(draft, text)).OfType<SpendTier>()],
            Points = points == new OfferPoints() ? null : points,
            Bundle = !draft.Given("buy") && !draft.Given("get") ? null : new()
            {
                Buy = draft.Whole("buy"),
                Get = draft.Whole("get", 1),
                GetScope = got.Count == 0 ? null : new() { Categories = got },
            },
            OrdersMin = Optional(draft, "ordersMin"),
            OrdersMax = Optional(draft, "ordersMax"),
            Stock = Optional(draft, "stock"),
            UsesMax = draft.Whole("usesMax", 1),
            Stacking = new()
            {
                Rule = draft.Given("stacking")
                    ? draft.Choice<StackingRule>("stacking", RefusalCodes.InvalidValue)
                    : StackingRule.Exclusive,
                Class = draft.Optional("class") ?? new Stacking().Class,
                With = draft.List("with"),
                Priority = draft.Whole("priority"),
            },
        };
    }

    /// <summary>The offer with them.</summary>
    public Offer Of(Offer offer) => offer with
    {
        RepeatsMax = RepeatsMax,
        Tiers = Tiers,
        Points = Points,
        Bundle = Bundle,
        OrdersMin = OrdersMin,
        OrdersMax = OrdersMax,
        Stock = Stock,
        UsesMax = UsesMax,
        Stacking = Stacking,
    };

    private static int? Optional(RowDraft draft, string field) => draft.Given(field) ? draft.Whole(field) : null;

    private static SpendTier? Tier(RowDraft draft, string text)
    {
        if (text.Split(':') is [var spend, var save] && Major(draft, spend) is { } from && Major(draft, save) is { } off)
        {
            return new(from, off);
        }

        draft.Refuse(RefusalCodes.InvalidValue, $"A tier is spend:save, as in 200:25; '{text}' is not.", "tiers");
        return null;
    }

    private static Money? Major(RowDraft draft, string text) =>
        decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out var major)
            ? draft.InMinorUnits(major, "tiers")
            : null;
}
