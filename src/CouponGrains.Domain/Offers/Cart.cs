namespace CouponGrains.Domain.Offers;

/// <summary>One line of a cart.</summary>
/// <param name="Item">The item.</param>
/// <param name="Quantity">Pieces, at least 1.</param>
/// <param name="UnitPrice">The price of one piece, not negative.</param>
public sealed record CartLine(ItemId Item, int Quantity, Money UnitPrice)
{
    /// <summary>The line's price before any discount.</summary>
    public Money Total => new(checked(UnitPrice.Minor * Quantity), UnitPrice.Currency);
}

/// <summary>What a user is about to buy.</summary>
public sealed record Cart
{
    /// <summary>The most lines of a cart.</summary>
    public const int LinesMax = 500;

    /// <summary>The currency of every amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The lines, at most <see cref="LinesMax"/>.</summary>
    public required IReadOnlyList<CartLine> Lines { get; init; }

    /// <summary>The shipping fee, or null if it is not known.</summary>
    public Money? Shipping { get; init; }

    /// <summary>The points that the user has, or null if he has no account.</summary>
    public long? Points { get; init; }
}

/// <summary>What an offer takes off a cart.</summary>
/// <param name="Total">The whole discount.</param>
/// <param name="Lines">The part of each cart line, in their order; together with <paramref name="Shipping"/> they sum
/// to <paramref name="Total"/>.</param>
/// <param name="Shipping">The part of the shipping fee.</param>
public sealed record Discount(Money Total, IReadOnlyList<Money> Lines, Money Shipping)
{
    /// <summary>The points that the user gives for it.</summary>
    public long PointsSpent { get; init; }

    /// <summary>The points that the user earns beyond the usual ones.</summary>
    public long PointsEarned { get; init; }

    /// <summary>What of each cart line <see cref="PointsEarned"/> was earned on; null if no points were earned, or if
    /// it was not noted: then all lines count at their prices.</summary>
    public IReadOnlyList<Money>? EarnedOn { get; init; }
}
