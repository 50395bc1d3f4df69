using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>What the steps of a batch will read, so that it is read together. What is no id at all is left out: no row
/// has it.</summary>
internal sealed class LedgerNeeds
{
    /// <summary>Whose rows may change: nobody else touches them meanwhile.</summary>
    public HashSet<UserId> Users { get; } = [];

    public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>Who uses which of these codes, or has it taken back: its campaign's limits are asked and its money is
    /// moved.</summary>
    public HashSet<(UserId User, string Code)> Spending { get; } = [];

    /// <summary>Who claims which of these codes: one that is free yet is issued to him.</summary>
    public HashSet<(UserId User, string Code)> Claiming { get; } = [];

    /// <summary>Who claims or uses which codes that many may share: each of them has, or is issued, a coupon of his
    /// own.</summary>
    public HashSet<(UserId User, string Code)> Sharing { get; } = [];

    public HashSet<(UserId User, string Key)> IssueKeys { get; } = [];

    /// <summary>Who is issued a coupon of which offer.</summary>
    public HashSet<(UserId User, OfferId Offer)> Issuing { get; } = [];

    /// <summary>Keys of redemptions and reservations.</summary>
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public HashSet<string> ReturnKeys { get; } = new(StringComparer.Ordinal);

    public HashSet<(UserId User, string Order)> Orders { get; } = [];

    /// <summary>Of these, those of which pieces come back: the money of all their campaigns is moved.</summary>
    public HashSet<(UserId User, string Order)> Returning { get; } = [];

    public HashSet<ItemId> Items { get; } = [];

    /// <summary>Users whose coupons run out.</summary>
    public HashSet<UserId> Expiring { get; } = [];

    /// <summary>True if all reservations are ended whose time is over.</summary>
    public bool AllDue { get; private set; }

    /// <summary>The latest time of a step.</summary>
    public DateTimeOffset Now { get; private set; }

    public LedgerNeeds At(DateTimeOffset now)
    {
        Now = now > Now ? now : Now;
        return this;
    }

    public LedgerNeeds Due()
    {
        AllDue = true;
        return this;
    }

    public LedgerNeeds User(UserId user)
    {
        Users.Add(user);
        return this;
    }

    public LedgerNeeds Code(string? code)
    {
        if (CouponCode.Normalise(code) is { } normal)
        {
            Codes.Add(normal);
        }

        return this;
    }

    public LedgerNeeds Spend(UserId user, string? code)
    {
        if (CouponCode.Normalise(code) is { } normal)
        {
            Spending.Add((user, normal));
        }

        return Share(user, code).User(user).Code(code);
    }

    public LedgerNeeds Claim(UserId user, string? code)
    {
        if (CouponCode.Normalise(code) is { } normal)
        {
            Claiming.Add((user, normal));
            IssueKey(user, CodeRules.IssueOf(user, normal, default).Key);
        }

        return Share(user, code).User(user).Code(code);
    }

    private LedgerNeeds Share(UserId user, string? code)
    {
        if (SharedCodes.Normalise(code) is { } normal)
        {
            Sharing.Add((user, normal));
            IssueKey(user, CodeRules.IssueOf(user, normal, default).Key);
        }

        return this;
    }

    public LedgerNeeds IssueKey(UserId user, string key)
    {
        if (IdRules.IsValid(key))
        {
            IssueKeys.Add((user, key));
        }

        return this;
    }

    public LedgerNeeds Issue(UserId user, OfferId offer)
    {
        Issuing.Add((user, offer));
        return User(user);
    }

    public LedgerNeeds Key(string key)
    {
        if (IdRules.IsValid(key))
        {
            Keys.Add(key);
        }

        return this;
    }

    public LedgerNeeds ReturnKey(string key)
    {
        if (IdRules.IsValid(key))
        {
            ReturnKeys.Add(key);
        }

        return this;
    }

    public LedgerNeeds Order(UserId user, string order)
    {
        if (IdRules.IsValid(order))
        {
            Orders.Add((user, order));
        }

        return this;
    }

    public LedgerNeeds Return(UserId user, string order)
    {
        if (IdRules.IsValid(order))
        {
            Returning.Add((user, order));
        }

        return User(user).Order(user, order);
    }

    public LedgerNeeds Cart(Cart cart)
    {
        Items.UnionWith(cart.Lines.Select(line => line.Item).Where(item => item.Value is not null));
        return this;
    }

    public LedgerNeeds Expire(UserId user)
    {
        Expiring.Add(user);
        return User(user);
    }
}
