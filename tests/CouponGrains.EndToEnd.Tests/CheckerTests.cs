using CouponGrains.Faults.Checking;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>What holds the database against the clients' log finds what it is there to find.</summary>
public sealed class CheckerTests
{
    private static readonly Terms Agreed = new("c") { RedemptionsMax = 1, Budget = 100 };

    private static readonly Wish Viewed = new(WishKind.Event, "e", "u");
    private static readonly Wish Issued = new(WishKind.Issue, "i", "u") { Campaign = "c", Offer = "o" };
    private static readonly Wish Redeemed = new(WishKind.Redeem, "r", "u") { Code = "A", Price = 500 };

    private static readonly (Wish, Answer)[] Told =
    [
        (Viewed, new(Answer.Done)), (Issued, new(Answer.Done, "A")), (Redeemed, new(Answer.Done, "A", 50)),
    ];

    private static readonly CouponRow Coupon = new("A", "u", "c", "o", "i", State: 3, Claimed: false);
    private static readonly RedemptionRow Redemption = new("r", "A", "u", "c", "o-r", 50, 0, RolledBack: false);

    private static readonly Books Kept = new()
    {
        Events =
        [
            new("e", "u", 1, 0, null, null, null), new("x-1", "u", Limits.Issued, 0, "A", null, null),
            new("x-2", "u", Limits.Redeemed, 0, "A", 50, "o-r"),
        ],
        Coupons = [Coupon],
        Redemptions = [Redemption],
        Reservations = [],
        Budgets = [new("c", Allowed: 100, Spent: 50, Reserved: 0, Issued: 1, Redeemed: 1, Held: 0)],
        Models = [],
        Promotions = [],
    };

    [Fact]
    public void Books_that_say_what_the_clients_were_told_have_no_fault() => Assert.Empty(Find(Kept, Told));

    [Fact]
    public void An_acknowledged_event_that_is_not_there_is_lost() =>
        Assert.Contains("lost", Find(Kept with { Events = [.. Kept.Events.Skip(1)] }, Told));

    [Fact]
    public void An_acknowledged_coupon_that_is_another_users_is_lost() =>
        Assert.Contains("lost", Find(Kept with { Coupons = [Coupon with { User = "v" }] }, Told));

    [Fact]
    public void An_acknowledged_redemption_of_another_amount_is_lost() =>
        Assert.Contains("lost", Find(Kept with { Redemptions = [Redemption with { Minor = 51 }] }, Told));

    [Fact]
    public void A_coupon_redeemed_under_two_keys_is_redeemed_twice_and_a_limit_passed()
    {
        var found = Find(
            Kept with { Redemptions = [Redemption, Redemption with { Key = "r-2" }] },
            [.. Told, (Redeemed with { Key = "r-2" }, new(Answer.Done, "A", 50))]);
        Assert.Contains("redeemed_twice", found);
        Assert.Contains("limit_passed", found);
    }

    [Fact]
    public void A_budget_that_does_not_count_what_was_spent_is_out_of_balance() =>
        Assert.Contains("balance", Find(Kept with { Budgets = [Kept.Budgets[0] with { Spent = 0 }] }, Told));

    [Fact]
    public void What_nobody_asked_for_is_found() => Assert.Contains("unasked", Find(Kept, Told[1..]));

    [Fact]
    public void A_wish_of_which_nobody_ever_knew_what_became_of_it_is_unresolved() =>
        Assert.Contains("unresolved", Find(Kept, [.. Told, (Viewed with { Key = "e-2" }, new(Answer.None))]));

    [Fact]
    public void A_second_answer_that_differs_from_the_first_is_found() =>
        Assert.Contains("answer_changed", Find(Kept, [.. Told, (Redeemed, new("budget_exhausted"))]));

    [Fact]
    public void A_copy_that_meets_its_like_at_work_changes_no_answer() =>
        Assert.DoesNotContain("answer_changed", Find(Kept, [.. Told, (Redeemed, new("in_flight"))]));

    [Fact]
    public void A_fault_of_the_program_is_found_although_it_was_asked_again() =>
        Assert.Contains("fault", Find(Kept, [(Viewed, new(Answer.Fault)), .. Told]));

    private static IReadOnlyList<string> Find(Books books, IEnumerable<(Wish Wish, Answer Answer)> told) =>
        [.. Checker.Check(books, new(Log(told))).Select(violation => violation.Kind)];

    private static IEnumerable<LogLine> Log(IEnumerable<(Wish Wish, Answer Answer)> told)
    {
        yield return new(0, default) { Agreed = Agreed };
        var number = 0L;
        foreach (var (wish, answer) in told)
        {
            yield return new(++number, default) { Asked = wish };
            yield return new(number, default) { Answered = answer };
        }
    }
}
