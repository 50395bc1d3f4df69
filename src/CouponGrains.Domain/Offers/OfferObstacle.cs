namespace CouponGrains.Domain.Offers;

/// <summary>Why an offer gives nothing on a cart, in the order of the checks.</summary>
public enum OfferObstacle
{
    /// <summary>It gives something.</summary>
    None = 0,

    /// <summary>The cart is in another currency.</summary>
    CurrencyMismatch = 1,

    /// <summary>Nothing in the cart is covered.</summary>
    NothingInScope = 2,

    /// <summary>Too little of what is covered.</summary>
    BelowMinimumSpend = 3,

    /// <summary>Too few pieces to buy, or none to get.</summary>
    NotEnoughPieces = 4,

    /// <summary>Too few points.</summary>
    NotEnoughPoints = 5,

    /// <summary>The coupons before have taken off all that is covered.</summary>
    NothingLeft = 6,

    /// <summary>Together with the coupons before it would leave less of a line's margin than the floor.</summary>
    BelowMarginFloor = 7,
}
