using System.Security.Cryptography;
using System.Text;
using CouponGrains.Faults.Checking;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>What holds the database against the clients' log finds what it is there to find.</summary>
public sealed class CheckerTests
{
    private static readonly DateTimeOffset Begun = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

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

    [Fact]
    public void A_coupon_that_was_issued_while_its_campaign_was_paused_is_found()
    {
        // The pause was asked for at 1 s and answered at 2 s, the issue at 3 and 4 s, the end of the pause at 5 s.
        (Wish, Answer)[] between = [Paused, Told[1], Resumed, Told[0], Told[2]];
        Assert.Contains("issued_while_paused", Find(IssuedAt(3.5), between));
        Assert.Contains("issued_while_paused", Find(IssuedAt(99), [Paused, .. Told]));
        Assert.DoesNotContain("issued_while_paused", Find(IssuedAt(1.5), between));
        Assert.DoesNotContain("issued_while_paused", Find(IssuedAt(2.5), [Paused, Resumed, .. Told])); // It waited.
    }

    [Fact]
    public void A_campaign_that_left_a_revision_though_nobody_moved_it_has_lost_a_turn()
    {
        Assert.Contains("turn_lost", Find(Kept, [.. Told, (Paused.Item1, new("revision_changed"))]));
        Assert.DoesNotContain("turn_lost", Find(
            Kept, [.. Told, (Paused.Item1, new(Answer.None)), (Paused.Item1, new("revision_changed"))]));
    }

    [Fact]
    public void What_came_back_is_in_balance_if_it_is_booked_and_paid_back_once()
    {
        Assert.Empty(Find(Returned(20, "b"), [.. Told, Back("b", first: 1, minor: 20)]));
        Assert.Contains("returned_differs", Find(Returned(40, "b"), [.. Told, Back("b", first: 1, minor: 20)]));
        Assert.Contains("returned_differs", Find(Returned(0, "b"), [.. Told, Back("b", first: 1, minor: 20)]));
        Assert.Contains("log_differs", Find(Returned(20), [.. Told, Back("b", first: 1, minor: 20)]));
        Assert.Contains("returned_twice", Find(
            Returned(60, "b", "b-2"), [.. Told, Back("b", first: 2, minor: 40), Back("b-2", first: 1, minor: 20)]));
    }

    [Fact]
    public void A_coupon_of_a_shared_code_is_his_who_presented_it_and_one_too_many_of_them_passes_the_stock()
    {
        var (books, told) = Shared(users: 25, issued: 25);
        Assert.Empty(Find(books, told));
        Assert.Contains("unasked", Find(Shared(users: 25, issued: 26).Books, told));
        var (tooMany, all) = Shared(users: 26, issued: 26);
        Assert.Equal(["limit_passed"], Find(tooMany, all).Distinct());
    }

    [Fact]
    public void A_free_code_that_two_were_told_is_theirs_is_lost_to_one_of_them()
    {
        var free = new CouponRow("FREE", "u", "c", Agreed.FreeOffer, "code:FREE", State: 2, Claimed: true);
        var books = Kept with
        {
            Coupons = [Coupon, free], Budgets = [Kept.Budgets[0] with { Issued = 2 }],
            Events = [.. Kept.Events, new("x-3", "u", Limits.Issued, 0, "FREE", null, null)],
        };
        Assert.Empty(Find(books, [.. Told, Claims("u")]));
        Assert.Contains("lost", Find(books, [.. Told, Claims("u"), Claims("v")]));
    }

    private static (Wish, Answer) Paused => (
        new(WishKind.Pause, "c@2", "") { Campaign = "c", Revision = 2 }, new(Answer.Done));

    private static (Wish, Answer) Resumed => (
        new(WishKind.Resume, "c@3", "") { Campaign = "c", Revision = 3 }, new(Answer.Done));

    private static (Wish, Answer) Claims(string user) => (
        new(WishKind.ClaimFree, "FREE:" + user, user) { Campaign = "c", Offer = Agreed.FreeOffer, Code = "FREE" },
        new(Answer.Done, "FREE"));

    private static (Wish, Answer) Back(string key, int first, long minor) => (
        new(WishKind.Return, key, "u") { Redemption = "r", Price = 500, First = first },
        new(Answer.Done, Minor: minor));

    /// <summary>The coupon was issued so many seconds after the log began; its lines are a second apart.</summary>
    private static Books IssuedAt(double seconds) => Kept with
    {
        Events =
        [
            .. Kept.Events.Select(
                e => e.Kind == Limits.Issued ? e with { At = Begun.AddSeconds(seconds).UtcTicks } : e),
        ],
    };

    private static Books Returned(long minor, params string[] keys) => Kept with
    {
        Redemptions = [Redemption with { Returned = minor }],
        Budgets = [Kept.Budgets[0] with { Spent = 50 - minor }],
        Events =
        [
            .. Kept.Events, .. keys.Select(key => new EventRow(
                $"return:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16))}:0",
                "u", Returns.Refund, 0, null, 100, "o-r")),
        ],
    };

    private static (Books Books, (Wish, Answer)[] Told) Shared(int users, int issued) => (
        Kept with
        {
            Coupons = [Coupon, .. Enumerable.Range(0, issued).Select(i => new CouponRow(
                $"S{i}", $"s-{i}", "c", Agreed.SharedOffer, "code:" + Agreed.SharedCode, State: 2, Claimed: true))],
            Budgets = [Kept.Budgets[0] with { Issued = issued + 1 }],
            Events = [.. Kept.Events, .. Enumerable.Range(0, issued).Select(i => new EventRow(
                $"y-{i}", $"s-{i}", Limits.Issued, 0, $"S{i}", null, null))],
        },
        [
            .. Told, .. Enumerable.Range(0, users).Select(i => (
                new Wish(WishKind.ClaimShared, $"{Agreed.SharedCode}:s-{i}", $"s-{i}")
                {
                    Campaign = "c", Offer = Agreed.SharedOffer, Code = Agreed.SharedCode,
                },
                new Answer(Answer.Done, $"S{i}"))),
        ]);

    private static IReadOnlyList<string> Find(Books books, IEnumerable<(Wish Wish, Answer Answer)> told) =>
        [.. Checker.Check(books, new(Log(told))).Select(violation => violation.Kind)];

    private static IEnumerable<LogLine> Log(IEnumerable<(Wish Wish, Answer Answer)> told)
    {
        yield return new(0, Begun) { Agreed = Agreed };
        var (number, line) = (0L, 0);
        foreach (var (wish, answer) in told)
        {
            yield return new(++number, Begun.AddSeconds(++line)) { Asked = wish };
            yield return new(number, Begun.AddSeconds(++line)) { Answered = answer };
        }
    }
}
