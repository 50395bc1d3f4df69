namespace CouponGrains.Domain.Campaigns;

/// <summary>What of a campaign's budget no shard has.</summary>
/// <param name="LimitMinor">The budget, in minor units.</param>
/// <param name="CountMax">The most redemptions, or null.</param>
/// <param name="FreeMinor">Minor units that are lent to no shard.</param>
/// <param name="FreeCount">Redemptions that are lent to no shard; null if they are not counted.</param>
public sealed record BudgetPool(long LimitMinor, int? CountMax, long FreeMinor, int? FreeCount);

/// <summary>A part of a campaign's budget, on a row of its own, so that several redemptions can be made at the same
/// time without waiting for one row.</summary>
/// <param name="Number">0, 1, 2, …; also the order in which rows are locked, the pool's first.</param>
/// <param name="GrantedMinor">Minor units lent to it.</param>
/// <param name="UsedMinor">Of these, spent or reserved.</param>
/// <param name="GrantedCount">Redemptions lent to it; 0 if they are not counted.</param>
/// <param name="UsedCount">Redemptions in force and reservations.</param>
/// <param name="LeasedUntil">Until when the others leave it what it does not use, unless they would have to refuse
/// without.</param>
public sealed record BudgetShard(
    int Number, long GrantedMinor = 0, long UsedMinor = 0, int GrantedCount = 0, int UsedCount = 0,
    DateTimeOffset LeasedUntil = default)
{
    /// <summary>Minor units that it may still give.</summary>
    public long UnusedMinor => GrantedMinor - UsedMinor;

    /// <summary>Redemptions that it may still make, where they are counted.</summary>
    public int UnusedCount => GrantedCount - UsedCount;
}

/// <summary>A pool with all its shards, in the order of their numbers.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Shards">The shards.</param>
public sealed record ShardedBudget(BudgetPool Pool, IReadOnlyList<BudgetShard> Shards);

/// <summary>How a hot campaign's budget is spread over rows. Pure: the store locks, asks here, and writes.</summary>
/// <remarks>The usual redemption touches one shard. When that has too little, the pool lends it more: half of an even
/// share of what is left, so that leases shrink as the budget runs out. When the pool has too little, what other shards
/// do not use is recalled, from those first whose lease ran out. So a redemption is refused only if it would be refused
/// by one row: exactly the limit is given, and at the end no money is left behind in a shard. Leases live in the
/// database: a process that dies holds nothing back.</remarks>
public static class BudgetShards
{
    /// <summary>How long a lease protects what is not used.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>How many shards a campaign takes, if a store would give it <paramref name="wanted"/>: one where it has
    /// limits by period on everybody together, since these must be counted in one place.</summary>
    public static int CountFor(Campaign campaign, int wanted) =>
        campaign.Limits.Any(l => l.Per == LimitPer.Campaign) ? 1 : Math.Max(1, wanted);

    /// <summary>A budget of which nothing is used.</summary>
    public static ShardedBudget Open(long limitMinor, int? countMax, int shards) => new(
        new(limitMinor, countMax, limitMinor, countMax), [.. Enumerable.Range(0, shards).Select(n => new BudgetShard(n))]);

    /// <summary>The shard after one use of <paramref name="minor"/> units, if it can give that by itself; otherwise
    /// null, and the store must lock the rest and ask <see cref="Take"/>.</summary>
    public static BudgetShard? TakeOwn(BudgetShard shard, long minor, bool counted) =>
        minor >= 0 && shard.UnusedMinor >= minor && (!counted || shard.UnusedCount > 0)
            ? shard with { UsedMinor = shard.UsedMinor + minor, UsedCount = shard.UsedCount + 1 }
            : null;

    /// <summary>The budget after one use of <paramref name="minor"/> units by the shard <paramref name="mine"/>, with what
    /// it had to borrow; null if all shards and the pool together have too little.</summary>
    public static ShardedBudget? Take(ShardedBudget budget, int mine, long minor, DateTimeOffset now)
    {
        var counted = budget.Pool.CountMax is not null;
        if (TakeOwn(budget.Shards[mine], minor, counted) is { } own)
        {
            return With(budget, own);
        }

        var lent = Recall(Lend(budget, mine, minor, now), mine, minor, now);
        return TakeOwn(lent.Shards[mine], minor, counted) is { } taken ? With(lent, taken) : null;
    }

    /// <summary>The shard after a use was rolled back, released or ran out: it may give that again.</summary>
    public static BudgetShard GiveBack(BudgetShard shard, long minor) =>
        shard with { UsedMinor = shard.UsedMinor - minor, UsedCount = shard.UsedCount - 1 };

    /// <summary>The budget with everything that is not used back in the pool, as at the end of a campaign.</summary>
    public static ShardedBudget Gather(ShardedBudget budget) => new(
        budget.Pool with
        {
            FreeMinor = budget.Pool.FreeMinor + budget.Shards.Sum(s => s.UnusedMinor),
            FreeCount = budget.Pool.FreeCount + budget.Shards.Sum(s => s.UnusedCount),
        },
        [.. budget.Shards.Select(s => s with
        {
            GrantedMinor = s.UsedMinor,
            GrantedCount = budget.Pool.CountMax is null ? 0 : s.UsedCount,
        })]);

    /// <summary>The budget with another limit; null if more is used than that. A count may be lowered below what is used:
    /// then nothing more is given.</summary>
    public static ShardedBudget? Resize(ShardedBudget budget, long limitMinor, int? countMax)
    {
        var (usedMinor, usedCount) = (budget.Shards.Sum(s => s.UsedMinor), budget.Shards.Sum(s => s.UsedCount));
        return usedMinor > limitMinor
            ? null
            : new(new(limitMinor, countMax, limitMinor - usedMinor, countMax - usedCount),
                [.. budget.Shards.Select(s => s with
                {
                    GrantedMinor = s.UsedMinor,
                    GrantedCount = countMax is null ? 0 : s.UsedCount,
                })]);
    }

    /// <summary>The first balance that does not hold, in words, or null.</summary>
    public static string? Check(ShardedBudget budget)
    {
        var pool = budget.Pool;
        return pool.FreeMinor < 0 ? $"The pool has {pool.FreeMinor}."
            : budget.Shards.FirstOrDefault(s => s.UsedMinor < 0 || s.UsedCount < 0 || s.UnusedMinor < 0
                || (pool.CountMax is not null && s.UnusedCount < 0)) is { } broken ? $"Shard {broken.Number} gave too much."
            : pool.FreeMinor + budget.Shards.Sum(s => s.GrantedMinor) != pool.LimitMinor ? "Money is missing."
            : pool.CountMax is not null && pool.FreeCount + budget.Shards.Sum(s => s.GrantedCount) != pool.CountMax
                ? "Redemptions are missing."
            : null;
    }

    private static ShardedBudget Lend(ShardedBudget budget, int mine, long minor, DateTimeOffset now)
    {
        var (pool, shard, parts) = (budget.Pool, budget.Shards[mine], 2L * budget.Shards.Count);
        var lack = Math.Max(0, minor - shard.UnusedMinor);
        var lent = lack == 0 ? 0 : Math.Min(pool.FreeMinor, Math.Max(lack, pool.FreeMinor / parts));
        var count = pool.FreeCount is { } free && shard.UnusedCount < 1
            ? (int)Math.Max(0, Math.Min(free, Math.Max(1, free / parts)))
            : 0;
        return With(
            budget with { Pool = pool with { FreeMinor = pool.FreeMinor - lent, FreeCount = pool.FreeCount - count } },
            shard with
            {
                GrantedMinor = shard.GrantedMinor + lent,
                GrantedCount = shard.GrantedCount + count,
                LeasedUntil = now + LeaseTime,
            });
    }

    /// <summary>Takes from other shards what is lacking and they do not use.</summary>
    private static ShardedBudget Recall(ShardedBudget budget, int mine, long minor, DateTimeOffset now)
    {
        var counted = budget.Pool.CountMax is not null;
        foreach (var other in budget.Shards.Where(s => s.Number != mine)
            .OrderBy(s => now < s.LeasedUntil).ThenBy(s => s.Number).ToList())
        {
            var shard = budget.Shards[mine];
            var money = Math.Min(other.UnusedMinor, Math.Max(0, minor - shard.UnusedMinor));
            var count = counted && shard.UnusedCount < 1 ? Math.Max(0, Math.Min(1, other.UnusedCount)) : 0;
            budget = With(
                With(budget, other with
                {
                    GrantedMinor = other.GrantedMinor - money,
                    GrantedCount = other.GrantedCount - count,
                }),
                shard with
                {
                    GrantedMinor = shard.GrantedMinor + money,
                    GrantedCount = shard.GrantedCount + count,
                });
        }

        return budget;
    }

    private static ShardedBudget With(ShardedBudget budget, BudgetShard shard) =>
        budget with { Shards = [.. budget.Shards.Select(s => s.Number == shard.Number ? shard : s)] };
}
