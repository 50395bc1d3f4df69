using System.Text.Json;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>Pieces of an order that come back.</summary>
public abstract class LedgerReturnsSuite<TStore> : LedgerSuiteBase<TStore>
    where TStore : StoreUnderTest, new()
{
    private static readonly Cart Bought = Samples.Cart() with
    {
        Lines = [new(new("i1"), 3, new(2_000, Samples.Usd)), new(new("i2"), 1, new(4_000, Samples.Usd))],
        Shipping = new(500, Samples.Usd),
    };

    [Fact]
    public async Task A_return_is_booked_once_for_its_key_and_gives_the_budget_its_part_back()
    {
        await Order();
        Assert.Equal(1_001, (await Budget()).Spent.Minor); // 6.01 and 4.00 of 60.00 and 40.00.
        var first = (await Book("b1", Bought, 1, 0)).Return!;
        Assert.Equal((1_800, 200), (first.Value.Money.Minor, first.BudgetBack.Minor));
        Assert.Equal(801, (await Budget()).Spent.Minor);
        Assert.Equal(Json(first), Json((await Book("b1", Bought, 1, 0)).Return!));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, (await Book("b1", Bought, 2, 0)).Refusal?.Code);
        Assert.Equal(801, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task All_pieces_in_steps_and_with_turned_lines_give_back_all_that_was_paid_and_no_more()
    {
        await Order();
        var turned = Bought with { Lines = [.. Bought.Lines.Reverse()] };
        var steps = new[]
        {
            (await Book("b1", Bought, 1, 0)).Return!, (await Book("b2", turned, 1, 0)).Return!,
            (await Book("b3", turned, 0, 2)).Return!,
        };
        Assert.Equal(10_000 - 1_001 + 500, steps.Sum(s => s.Value.Money.Minor));
        Assert.Equal(1_001, steps.Sum(s => s.BudgetBack.Minor));
        Assert.Equal((0, 1), ((await Budget()).Spent.Minor, (await Budget()).Redeemed));
        Assert.Equal("/now/0", (await Book("b4", Bought, 1, 0)).Refusal?.Pointer);
        Assert.Equal("/now/0", (await Book("b5", turned, 1, 0)).Refusal?.Pointer);
        Assert.Equal(0, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task Many_callers_at_once_give_no_piece_back_twice()
    {
        await Order();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => Book($"b{i}", Bought, 1, 0))));
        Assert.Equal(3, answers.Count(a => a.Return is not null));
        Assert.Equal(6_000 - 601, answers.Sum(a => a.Return?.Value.Money.Minor ?? 0));
        Assert.Equal(400, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task The_coupons_of_an_order_stay_as_they_are_once_pieces_came_back()
    {
        var coupon = await Order();
        Assert.NotNull((await Book("b1", Bought, 0, 1)).Return);
        Assert.Equal(RedemptionStatus.OrderReturned,
            (await Ledger.RollBack(coupon.User, "r1", Now, default)).Answer.Status);
        var more = Request("r2", await Issue("k2", offer: "ten"));
        Assert.Equal(RedemptionStatus.OrderReturned, (await Ledger.Redeem(more, Now, default)).Answer.Status);
        Assert.Equal(RedemptionStatus.OrderReturned, (await Ledger.Validate(more, Now, default)).Status);
        Assert.Equal(RedemptionStatus.Redeemed,
            (await Ledger.Redeem(Request("r1", coupon), Now, default)).Answer.Status); // A repeat answers as before.
        Assert.Equal(601, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task What_is_no_return_of_the_order_is_refused_and_moves_nothing()
    {
        await Order();
        Assert.Equal(RefusalCodes.OtherCart, (await Book("b1", Samples.Cart(), 1)).Refusal?.Code);
        Assert.Equal("/now", (await Book("b1", Bought, 0, 0)).Refusal?.Pointer);
        Assert.Equal("/now", (await Book("b1", Bought, 1)).Refusal?.Pointer);
        Assert.Equal("/now/0", (await Book("b1", Bought, 4, 0)).Refusal?.Pointer);
        Assert.Equal("/now/1", (await Book("b1", Bought, 0, -1)).Refusal?.Pointer);
        Assert.Equal(RefusalCodes.InvalidId, (await Book("", Bought, 1, 0)).Refusal?.Code);
        await Ledger.RollBack(new("u1"), "r1", Now, default);
        Assert.Equal(RefusalCodes.UnknownRedemption, (await Book("b1", Bought, 1, 0)).Refusal?.Code);
        Assert.Equal(0, (await Budget()).Spent.Minor);
    }

    [Fact]
    public async Task A_return_records_one_refund_of_each_line_that_came_back_and_none_when_it_is_repeated_or_refused()
    {
        await Order();
        await Book("b1", Bought, 1, 0);
        await Book("b1", Bought, 1, 0);
        await Book("b1", Bought, 2, 0);
        await Book("b2", Bought, 4, 0);
        await Book("b2", Bought with { Lines = [.. Bought.Lines.Reverse()] }, 1, 2);
        var refunds = (await EventsOf("u1")).Where(e => e.Kind == EventKind.Refund).ToList();
        Assert.Equal(
            [("i1", 1, 1_800), ("i1", 2, 3_599), ("i2", 1, 3_600)],
            refunds.Select(e => (e.Item!.Value.Value, e.Quantity, e.Amount!.Value.Minor)));
        Assert.All(refunds, e => Assert.Equal((Now, "order"), (e.At, e.Order)));
        Assert.All(refunds, e => Assert.Null(EventRules.Check(e, Now)));
        Assert.Equal(3, refunds.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public async Task Keys_as_long_as_ids_and_a_strangers_event_do_not_stand_in_the_way_of_a_refund()
    {
        await Order();
        var (one, two) = (new string('k', IdRules.LengthMax), new string('k', IdRules.LengthMax - 1) + "l");
        await Book(one, Bought, 1, 0);
        var first = (await EventsOf("u1")).Single(e => e.Kind == EventKind.Refund);
        var booked = (await Book(two, Bought, 1, 0)).Return!;
        var id = ReturnEvents.Of(booked with { Key = "three" }, [new(1, new("i2"), 1, booked.BudgetBack)])[0].Id;
        await Store.Events.Append([Samples.View(id.Value, "u9", "i1")], default);
        Assert.NotNull((await Book("three", Bought, 0, 1)).Return);
        Assert.Equal(3, (await EventsOf("u1")).Count(e => e.Kind == EventKind.Refund));
        Assert.NotEqual(first.Id, ReturnEvents.Of(booked, [new(0, new("i1"), 1, booked.BudgetBack)])[0].Id);
    }

    private static string Json(OrderReturn booked) => JsonSerializer.Serialize(booked);

    private static RedemptionRequest Request(string key, Coupon coupon) =>
        Samples.Redeem(key, coupon) with { Order = "order", Cart = Bought };

    /// <summary>An order with a coupon of 10.01 on it.</summary>
    private async Task<Coupon> Order()
    {
        await Campaign();
        await Store.Campaigns.AddOffers([Samples.Offer("ten", amount: 1_001)], default);
        var coupon = await Issue("k1", offer: "ten");
        var answer = await Ledger.Redeem(Request("r1", coupon), Now, default);
        Assert.Equal(RedemptionStatus.Redeemed, answer.Answer.Status);
        return coupon;
    }

    private Task<ReturnAnswer> Book(string key, Cart cart, params int[] now) => Ledger.Return(
        new() { Key = key, User = new("u1"), Order = "order", Cart = cart, Now = now }, Now, default);
}
