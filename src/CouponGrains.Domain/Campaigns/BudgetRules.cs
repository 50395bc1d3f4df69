using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Which budget a campaign may be given. Pure: the store locks the budget, asks here, and writes.</summary>
public static class BudgetRules
{
    /// <summary>Why the campaign's budget can't become <paramref name="limit"/>, or null. Less than what is spent and
    /// reserved would break promises already made; another currency would leave the offers, and the coupons of them, in
    /// one that is not the budget's.</summary>
    /// <param name="use">What has been used of the budget before; null for a campaign that has none yet.</param>
    /// <param name="hasOffers">True if the campaign has offers, in force or not.</param>
    /// <param name="limit">The budget that it shall have; 0 or more.</param>
    public static Refusal? CheckChange(BudgetUse? use, bool hasOffers, Money limit)
    {
        if (use is null)
        {
            return null;
        }

        if (use.Limit.Currency != limit.Currency && hasOffers)
        {
            return new(RefusalCodes.CurrencyMismatch,
                $"The campaign has offers in {use.Limit.Currency}; its currency can't become {limit.Currency}.", "/budget");
        }

        return (Int128)use.Spent.Minor + use.ReservedMinor > limit.Minor
            ? new(RefusalCodes.BudgetBelowSpent,
                $"The budget can't be lowered to {limit}: {use.Spent} are spent, and {use.Reserved} reserved.", "/budget")
            : null;
    }

    /// <summary>The share of the budget, in per cent, that counts as told once it is <paramref name="limit"/>; null if
    /// it stays what it was. Shares of another budget are told anew, but not those that are spent already.</summary>
    /// <param name="use">What has been used of the budget before.</param>
    /// <param name="limit">A budget that <see cref="CheckChange"/> allows.</param>
    public static int? ToldShare(BudgetUse? use, Money limit) => use is null || use.Limit == limit
        ? null
        : OutboxMessages.Reached(use with { Limit = limit, Spent = new(use.Spent.Minor, limit.Currency) }, 0) ?? 0;
}
