using System.Text.Json;

namespace CouponGrains.Faults.Checking;

/// <summary>A promise that was not kept.</summary>
/// <param name="Kind">Which, in snake_case.</param>
/// <param name="What">Where, in words.</param>
internal sealed record Violation(string Kind, string What);

/// <summary>Holds what the database says against what the clients were told, and against itself. Pure, and without a
/// line of the product.</summary>
internal static class Checker
{
    /// <summary>Every promise that was not kept.</summary>
    public static IReadOnlyList<Violation> Check(Books books, History history) =>
    [
        .. Promises.Answers(history),
        .. Promises.Kept(books, history),
        .. Promises.Unasked(books, history),
        .. Limits.Check(books, history),
        .. Pauses.Check(books, history),
        .. Returns.Check(books, history),
        .. Balances(books),
        .. Uses(books, history),
        .. Doubles(books),
        .. Models(books),
    ];

    /// <summary>Budgets, coupons, redemptions and reservations tell the same.</summary>
    private static IEnumerable<Violation> Balances(Books books)
    {
        var coupons = books.Coupons.ToLookup(c => c.Campaign);
        var redemptions = books.Redemptions.Where(r => !r.RolledBack).ToLookup(r => r.Campaign);
        var held = books.Reservations.Where(r => r.State == 1).ToLookup(r => r.Campaign);
        foreach (var budget in books.Budgets)
        {
            var (mine, uses, holds) = (coupons[budget.Campaign], redemptions[budget.Campaign], held[budget.Campaign]);
            var counted = budget with
            {
                Issued = mine.Count(), Redeemed = uses.Count(), Spent = uses.Sum(r => r.Minor - r.Returned),
                Held = holds.Count(), Reserved = holds.Sum(r => r.Minor),
            };
            if (budget != counted)
            {
                yield return new("balance", $"{budget}, but counted {counted}");
            }

            if (budget.Reserved < 0 || budget.Spent + budget.Reserved > budget.Allowed)
            {
                yield return new("budget_passed", $"{budget}");
            }
        }

        var budgets = books.Budgets.Select(b => b.Campaign).ToHashSet();
        var owners = books.Coupons.ToDictionary(c => c.Code);
        foreach (var r in books.Redemptions)
        {
            if (!budgets.Contains(r.Campaign) || owners.GetValueOrDefault(r.Code) is not { } coupon
                || coupon.Campaign != r.Campaign || coupon.User != r.User)
            {
                yield return new("owner", $"{r}");
            }
        }
    }

    /// <summary>No coupon has more redemptions in force than its offer allows, or two of one order, and it is redeemed
    /// if and only if it has all of them.</summary>
    private static IEnumerable<Violation> Uses(Books books, History history)
    {
        var inForce = books.Redemptions.Where(r => !r.RolledBack).ToLookup(r => r.Code);
        foreach (var coupon in books.Coupons)
        {
            var (uses, max) = (inForce[coupon.Code].ToList(), history.UsesMax(coupon));
            if (uses.Count > max || uses.DistinctBy(r => r.Order).Count() < uses.Count)
            {
                yield return new("redeemed_twice", $"{string.Join(" and ", uses)}");
            }

            if ((coupon.State == 3) != (uses.Count == max))
            {
                yield return new("balance", $"{coupon} with {uses.Count} uses of {max}");
            }
        }
    }

    /// <summary>Nothing is there twice, and the log tells of every coupon, redemption and roll-back once.</summary>
    private static IEnumerable<Violation> Doubles(Books books)
    {
        foreach (var twice in books.Coupons.GroupBy(c => (c.User, c.Key)).Where(g => g.Count() > 1))
        {
            yield return new("issued_twice", $"{string.Join(" and ", twice)}");
        }

        foreach (var twice in books.Events.GroupBy(e => e.Id).Where(g => g.Count() > 1))
        {
            yield return new("event_twice", twice.Key);
        }

        foreach (var (kind, booked) in new[]
        {
            (Limits.Issued, books.Coupons.Count), (Limits.Redeemed, books.Redemptions.Count),
            (Limits.RolledBack, books.Redemptions.Count(r => r.RolledBack)),
        })
        {
            var logged = books.Events.Count(e => e.Kind == kind);
            if (logged != booked)
            {
                yield return new("log_differs", $"{booked} in the books, {logged} events of kind {kind}");
            }
        }
    }

    /// <summary>Models are whole, no run has made two, and each came into force after the one before it.</summary>
    private static IEnumerable<Violation> Models(Books books)
    {
        var runs = new Dictionary<string, long>();
        foreach (var model in books.Models)
        {
            using var manifest = JsonDocument.Parse(model.Manifest);
            if (model.Chunks != model.LastChunk + 1
                || manifest.RootElement.GetProperty("sha256").GetString() != model.Sha256)
            {
                yield return new("model_damaged", $"model {model.Version}: {model.Chunks} chunks, {model.Sha256}");
            }

            if (manifest.RootElement.GetProperty("training").TryGetProperty("run", out var run)
                && !runs.TryAdd(run.GetString()!, model.Version))
            {
                yield return new("run_twice", $"run {run} made the models {runs[run.GetString()!]} and {model.Version}");
            }
        }

        for (var i = 1; i < books.Promotions.Count; i++)
        {
            var (before, promotion) = (books.Promotions[i - 1], books.Promotions[i]);
            if (promotion.From != before.To || promotion.To == promotion.From)
            {
                yield return new("promotion_lost", $"{promotion} after {before}");
            }
        }
    }
}
