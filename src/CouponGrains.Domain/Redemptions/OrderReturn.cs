using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Redemptions;

/// <summary>A wish to book pieces of an order that come back.</summary>
public sealed record ReturnRequest
{
    /// <summary>The caller's key: the same key with the same content is booked once and answers alike. 1 to 128
    /// characters.</summary>
    public required string Key { get; init; }

    /// <summary>Who.</summary>
    public required UserId User { get; init; }

    /// <summary>The shop's order, on which he used coupons.</summary>
    public required string Order { get; init; }

    /// <summary>The cart of the order, its lines in any order.</summary>
    public required Cart Cart { get; init; }

    /// <summary>Pieces that come back now, of each line.</summary>
    public required IReadOnlyList<int> Now { get; init; }
}

/// <summary>A return that was booked.</summary>
/// <param name="Key">The caller's key, which is its id.</param>
/// <param name="User">Who.</param>
/// <param name="Order">The shop's order.</param>
/// <param name="Value">What he gets back.</param>
/// <param name="BudgetBack">What the budgets get back: the discounts of the pieces, and of the shipping fee once
/// everything is back.</param>
/// <param name="At">When.</param>
public sealed record OrderReturn(
    string Key, UserId User, string Order, ReturnValue Value, Money BudgetBack, DateTimeOffset At);

/// <summary>What became of a wish to book a return.</summary>
/// <param name="Return">The return, or null if refused.</param>
/// <param name="Refusal">Why not; null on success.</param>
/// <param name="IsRepeat">True if the key had booked it before, and this is the answer of then.</param>
public sealed record ReturnAnswer(OrderReturn? Return, Refusal? Refusal, bool IsRepeat = false);

/// <summary>What a return is worth, before it is booked.</summary>
/// <param name="Value">What the user gets back.</param>
/// <param name="BudgetBack">Minor units for the budget of each coupon of the order.</param>
/// <param name="Pieces">The pieces by the place of their line, see <see cref="ReturnRules.Decide"/>.</param>
/// <param name="Lines">The lines of which pieces come back.</param>
public sealed record ReturnStep(
    ReturnValue Value, IReadOnlyList<long> BudgetBack, IReadOnlyList<int> Pieces, IReadOnlyList<ReturnedLine> Lines);

/// <summary>A line of which pieces come back.</summary>
/// <param name="Place">Its place among the lines, as of <see cref="ReturnStep.Pieces"/>.</param>
/// <param name="Item">The item.</param>
/// <param name="Quantity">The pieces.</param>
/// <param name="Money">What was paid for them.</param>
public sealed record ReturnedLine(int Place, ItemId Item, int Quantity, Money Money);
