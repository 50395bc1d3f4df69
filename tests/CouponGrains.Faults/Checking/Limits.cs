using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Checking;

/// <summary>The limits that were agreed, counted again: at the end in the books, and at every moment along the event
/// log.</summary>
internal static class Limits
{
    /// <summary>The number of the events of coupons that were issued.</summary>
    public const int Issued = 10;

    /// <summary>The number of the events of coupons that were redeemed.</summary>
    public const int Redeemed = 13;

    /// <summary>The number of the events of redemptions that were rolled back.</summary>
    public const int RolledBack = 16;

    public static IEnumerable<Violation> Check(Books books, History history) =>
        AtTheEnd(books, history).Concat(AtEveryMoment(books, history));

    private static IEnumerable<Violation> AtTheEnd(Books books, History history)
    {
        foreach (var budget in books.Budgets)
        {
            if (!history.Terms.TryGetValue(budget.Campaign, out var terms))
            {
                yield return new("unasked", $"{budget}");
                continue;
            }

            var uses = books.Redemptions.Where(r => !r.RolledBack)
                .Select(r => (r.Campaign, r.User, Minor: r.Minor - r.Returned))
                .Concat(books.Reservations.Where(r => r.State == 1).Select(r => (r.Campaign, r.User, r.Minor)))
                .Where(use => use.Campaign == budget.Campaign).ToList();
            var coupons = books.Coupons.Where(c => c.Campaign == budget.Campaign).ToList();
            (string What, long Used, long Max)[] limits =
            [
                ("budget", uses.Sum(use => use.Minor), terms.Budget),
                ("budget as it stands", budget.Allowed, terms.Budget),
                ("redemptions", uses.Count, terms.RedemptionsMax),
                ("redemptions of a user", Most(uses.GroupBy(use => use.User).Select(g => g.LongCount())), terms.RedeemedPerUser),
                ("coupons of a user", Most(coupons.GroupBy(c => c.User).Select(g => g.LongCount())), terms.IssuedPerUser),
                .. coupons.GroupBy(c => c.Offer)
                    .Select(g => ($"coupons of {g.Key}", g.LongCount(), (long)terms.StockOf(g.Key))),
            ];
            foreach (var (what, used, max) in limits)
            {
                if (used > max)
                {
                    yield return new("limit_passed", $"{budget.Campaign}, {what}: {used} of {max}");
                }
            }
        }
    }

    private static IEnumerable<Violation> AtEveryMoment(Books books, History history)
    {
        var coupons = books.Coupons.GroupBy(c => c.Code).ToDictionary(g => g.Key, g => g.First());
        var inForce = new Dictionary<(string Code, string? Order), Use>();
        var uses = new Dictionary<string, int>();
        var counts = new Dictionary<Counted, (long Uses, long Minor)>();
        var backs = Returns.ByEvent(history);
        foreach (var e in books.Events)
        {
            // What comes back makes room, and the use stays one.
            if (Returns.Of(e) is { } back && backs.Remove(back, out var returned))
            {
                var use = inForce.FirstOrDefault(pair => pair.Key.Order == returned.Wish.Order).Value;
                _ = use?.Counts.Select(counted => counts[counted] = Plus(counts[counted], 0, -returned.Minor)).ToList();
                continue;
            }

            if (e.Code is not { } code || e.Kind is not (Redeemed or RolledBack)
                || !coupons.TryGetValue(code, out var coupon)
                || !history.Terms.TryGetValue(coupon.Campaign, out var terms))
            {
                continue;
            }

            if (e.Kind == RolledBack)
            {
                if (inForce.Remove((code, e.Order), out var undone))
                {
                    uses[code]--;
                    _ = undone.Counts.Select(counted => counts[counted] = Plus(counts[counted], -1, -undone.Minor)).ToList();
                }

                continue;
            }

            var made = new Use(coupon.Campaign, e.User, e.At / TimeSpan.TicksPerDay, e.Minor ?? 0);
            uses[code] = uses.GetValueOrDefault(code) + 1;
            if (!inForce.TryAdd((code, e.Order), made) || uses[code] > history.UsesMax(coupon))
            {
                yield return new("redeemed_twice", $"{e.Id} while its coupon was redeemed");
            }

            foreach (var counted in made.Counts)
            {
                var now = counts[counted] = Plus(counts.GetValueOrDefault(counted), 1, made.Minor);
                if (Passed(counted, now, terms) is { } passed)
                {
                    yield return new("limit_passed", $"{coupon.Campaign} at {e.Id}, {passed}");
                }
            }
        }
    }

    private static string? Passed(Counted counted, (long Uses, long Minor) now, Terms terms) => counted switch
    {
        { User: null, Day: null } when now.Minor > terms.Budget => $"budget: {now.Minor} of {terms.Budget}",
        { User: null, Day: null } when now.Uses > terms.RedemptionsMax => $"redemptions: {now.Uses} of {terms.RedemptionsMax}",
        { User: not null, Day: null } when now.Uses > terms.RedeemedPerUser =>
            $"redemptions of {counted.User}: {now.Uses} of {terms.RedeemedPerUser}",
        { User: null, Day: not null } when now.Uses > terms.RedeemedPerDay =>
            $"redemptions of a day: {now.Uses} of {terms.RedeemedPerDay}",
        { User: not null, Day: not null } when now.Minor > terms.MinorPerUserAndDay =>
            $"minor units of {counted.User} on a day: {now.Minor} of {terms.MinorPerUserAndDay}",
        _ => null,
    };

    private static (long, long) Plus((long Uses, long Minor) count, long uses, long minor) =>
        (count.Uses + uses, count.Minor + minor);

    private static long Most(IEnumerable<long> counts) => counts.DefaultIfEmpty().Max();

    /// <summary>What is counted together: of a campaign, of a user or all, on a day or ever.</summary>
    private readonly record struct Counted(string Campaign, string? User, long? Day);

    private sealed record Use(string Campaign, string User, long Day, long Minor)
    {
        public IReadOnlyList<Counted> Counts { get; } =
            [new(Campaign, null, null), new(Campaign, User, null), new(Campaign, null, Day), new(Campaign, User, Day)];
    }
}
