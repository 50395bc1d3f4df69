namespace CouponGrains.Domain.Offers;

/// <summary>A tier of a spend-and-save offer.</summary>
/// <param name="Spend">What must be spent on items in scope.</param>
/// <param name="Save">What it gives.</param>
public sealed record SpendTier(Money Spend, Money Save);

/// <summary>The points of an offer. They are the shop's own money: the shop keeps the accounts, the cart tells what
/// there is, and the budget counts none of it.</summary>
public sealed record OfferPoints
{
    /// <summary>Points for one <see cref="Offer.Amount"/>, for <see cref="OfferKind.PointsRedemption"/>.</summary>
    public int Price { get; init; }

    /// <summary>How many times the usual points are earned, for <see cref="OfferKind.PointsMultiplied"/>.</summary>
    public int Factor { get; init; } = 1;

    /// <summary>What must be spent to earn one point, for <see cref="OfferKind.PointsMultiplied"/>.</summary>
    public Money? Step { get; init; }
}

/// <summary>The pieces of a buy-and-get offer.</summary>
public sealed record OfferBundle
{
    /// <summary>Pieces in the offer's scope that are bought at their price.</summary>
    public required int Buy { get; init; }

    /// <summary>Pieces that are got at a discount.</summary>
    public required int Get { get; init; }

    /// <summary>What the pieces that are got are taken from; null: from the offer's own scope. An item in here is got
    /// and never counts as bought.</summary>
    public OfferScope? GetScope { get; init; }
}
