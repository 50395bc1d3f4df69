namespace CouponGrains.Domain.Offers;

/// <summary>What a campaign allows an offer to be. Generated offers are inside by construction; hand-written ones are
/// checked.</summary>
public sealed record Guardrails
{
    /// <summary>Allowed kinds; at least one.</summary>
    public IReadOnlyList<OfferKind> Kinds { get; init; } =
        [OfferKind.PercentOff, OfferKind.AmountOff, OfferKind.SpendAndSave];

    /// <summary>The smallest depth, in ten-thousandths of the price (of the minimum spend, for amounts).</summary>
    public int DepthMinBasisPoints { get; init; } = 500;

    /// <summary>The largest depth, in ten-thousandths.</summary>
    public int DepthMaxBasisPoints { get; init; } = 3_000;

    /// <summary>Depths are multiples of this, in ten-thousandths.</summary>
    public int DepthStepBasisPoints { get; init; } = 500;

    /// <summary>What must be left of an item's margin after the discount, in ten-thousandths of its price. Items with
    /// an unknown margin are taken to have <see cref="AssumedMarginBasisPoints"/>.</summary>
    public int MarginFloorBasisPoints { get; init; }

    /// <summary>The margin assumed where the catalog tells none, in ten-thousandths.</summary>
    public int AssumedMarginBasisPoints { get; init; } = 3_000;

    /// <summary>The most that one redemption may give; also sets the campaign's currency.</summary>
    public required Money Cap { get; init; }

    /// <summary>The smallest minimum spend of spend-and-save and amount-off offers.</summary>
    public required Money MinimumSpendMin { get; init; }

    /// <summary>The largest minimum spend.</summary>
    public required Money MinimumSpendMax { get; init; }

    /// <summary>Amounts are multiples of this.</summary>
    public required Money AmountStep { get; init; }

    /// <summary>Categories an offer may have in scope; empty means any.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Brands an offer may have in scope; empty means any. An item in scope is in an allowed category and of
    /// an allowed brand.</summary>
    public IReadOnlyList<string> Brands { get; init; } = [];

    /// <summary>True if an offer may cover the whole cart.</summary>
    public bool WholeCart { get; init; }

    /// <summary>The most that <see cref="Offer.RepeatsMax"/> may be.</summary>
    public int RepeatsMax { get; init; } = 10;

    /// <summary>The fewest points that pay for one <see cref="AmountStep"/>.</summary>
    public int PointsPerStep { get; init; } = 100;

    /// <summary>The most times that points may be multiplied.</summary>
    public int PointsFactorMax { get; init; } = 5;

    /// <summary>When coupons of the campaign may be used, whatever their offers say; null: always.</summary>
    public OfferTimes? Times { get; init; }

    /// <summary>The shortest validity in hours, where a day is too long; null: <see cref="ValidDaysMin"/>.</summary>
    public int? ValidHoursMin { get; init; }

    /// <summary>The shortest validity in days.</summary>
    public int ValidDaysMin { get; init; } = 3;

    /// <summary>The longest validity in days.</summary>
    public int ValidDaysMax { get; init; } = 30;
}
