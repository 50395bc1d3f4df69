namespace CouponGrains.Domain.Offers;

/// <summary>What an offer gives. The numbers are stored: never reuse one.</summary>
public enum OfferKind
{
    /// <summary>A share of the price of the items in scope, up to a cap.</summary>
    PercentOff = 1,

    /// <summary>An amount off the items in scope.</summary>
    AmountOff = 2,

    /// <summary>An amount off for spending a minimum on the items in scope (满减).</summary>
    SpendAndSave = 3,

    /// <summary>One piece of a gift item, if it is in the cart, free.</summary>
    Gift = 4,

    /// <summary>The shipping fee.</summary>
    FreeShipping = 5,

    /// <summary>An amount off for points that the user gives.</summary>
    PointsRedemption = 6,

    /// <summary>Some pieces cheaper, or free, for buying others (买X送Y).</summary>
    BuyAndGet = 7,

    /// <summary>More points on what is bought; takes no money off.</summary>
    PointsMultiplied = 8,
}

/// <summary>Where an offer came from.</summary>
public enum OfferSource
{
    /// <summary>Written by a person, through the API or a file.</summary>
    Handwritten = 1,

    /// <summary>Designed by the generator.</summary>
    Generated = 2,

    /// <summary>The shop's own coupon, imported with its history.</summary>
    Imported = 3,
}

/// <summary>The items an offer applies to: those that are in one of the lists, less the excluded ones. With all three
/// lists empty it is the whole cart.</summary>
public sealed record OfferScope
{
    /// <summary>Single items.</summary>
    public IReadOnlyList<ItemId> Items { get; init; } = [];

    /// <summary>Categories of any level: an item is in scope if one of its categories is listed.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Brands.</summary>
    public IReadOnlyList<string> Brands { get; init; } = [];

    /// <summary>Items that are never in scope.</summary>
    public IReadOnlyList<ItemId> Excluded { get; init; } = [];

    /// <summary>The whole cart.</summary>
    public static OfferScope WholeCart { get; } = new();

    /// <summary>True if the scope names nothing, and so covers everything but the excluded items.</summary>
    public bool IsWholeCart => Items.Count == 0 && Categories.Count == 0 && Brands.Count == 0;
}

/// <summary>An offer: the design of a coupon. Immutable.</summary>
public sealed record Offer
{
    /// <summary>Its id.</summary>
    public required OfferId Id { get; init; }

    /// <summary>The campaign that pays for it.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>What the user reads.</summary>
    public required string Title { get; init; }

    /// <summary>What it gives.</summary>
    public required OfferKind Kind { get; init; }

    /// <summary>Depth in ten-thousandths of the price, 1 to 10000, for <see cref="OfferKind.PercentOff"/> and, of the
    /// pieces that are got, for <see cref="OfferKind.BuyAndGet"/> (10000 is free).</summary>
    public int PercentBasisPoints { get; init; }

    /// <summary>The amount, for <see cref="OfferKind.AmountOff"/>, <see cref="OfferKind.SpendAndSave"/> and
    /// <see cref="OfferKind.PointsRedemption"/>.</summary>
    public Money? Amount { get; init; }

    /// <summary>Higher tiers of a spend-and-save offer, upwards; the first is <see cref="MinimumSpend"/> and
    /// <see cref="Amount"/>. The highest that is reached counts.</summary>
    public IReadOnlyList<SpendTier> Tiers { get; init; } = [];

    /// <summary>How often the offer counts in one cart: for each full minimum spend (每满), for each lot of points, for
    /// each set of pieces. 1 for the other kinds.</summary>
    public int RepeatsMax { get; init; } = 1;

    /// <summary>The points, for <see cref="OfferKind.PointsRedemption"/> and
    /// <see cref="OfferKind.PointsMultiplied"/>.</summary>
    public OfferPoints? Points { get; init; }

    /// <summary>The pieces, for <see cref="OfferKind.BuyAndGet"/>.</summary>
    public OfferBundle? Bundle { get; init; }

    /// <summary>The most that one redemption may give, or null.</summary>
    public Money? Cap { get; init; }

    /// <summary>The gift, for <see cref="OfferKind.Gift"/>.</summary>
    public ItemId? Gift { get; init; }

    /// <summary>What must be spent on items in scope, or null.</summary>
    public Money? MinimumSpend { get; init; }

    /// <summary>The items it applies to.</summary>
    public OfferScope Scope { get; init; } = OfferScope.WholeCart;

    /// <summary>Only for a user's first order.</summary>
    public bool FirstOrderOnly { get; init; }

    /// <summary>The fewest orders before this one, or null: 1 is for returning users.</summary>
    public int? OrdersMin { get; init; }

    /// <summary>The most orders before this one, or null: a small number is for new users.</summary>
    public int? OrdersMax { get; init; }

    /// <summary>When it may be used, or null: whenever the campaign allows.</summary>
    public OfferTimes? Times { get; init; }

    /// <summary>How many coupons of it there are, or null.</summary>
    public int? Stock { get; init; }

    /// <summary>How often one coupon of it may be used, once for an order; 1 to
    /// <see cref="OfferRules.UsesMax"/>.</summary>
    public int UsesMax { get; init; } = 1;

    /// <summary>Beside which other coupons it may be used in one cart.</summary>
    public Stacking Stacking { get; init; } = new();

    /// <summary>How long a coupon is valid after its issue (and never beyond the campaign's end).</summary>
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Where it came from.</summary>
    public OfferSource Source { get; init; } = OfferSource.Handwritten;

    /// <summary>The model whose generator designed it, <see cref="ModelVersion.None"/> otherwise.</summary>
    public ModelVersion DesignedBy { get; init; }
}
