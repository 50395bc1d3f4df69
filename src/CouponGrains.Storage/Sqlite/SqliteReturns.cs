using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Sqlite;

/// <summary>The rows of returns.</summary>
internal static class SqliteReturns
{
    public static ReturnAnswer Book(SqliteSession session, ReturnRequest request, DateTimeOffset now)
    {
        if (!IdRules.IsValid(request.Key) || !IdRules.IsValid(request.Order))
        {
            return new(null, new(RefusalCodes.InvalidId,
                $"A return's key and order have 1 to {IdRules.LengthMax} characters each."));
        }

        var hash = RequestHash.Of(request);
        if (session["SELECT request, data FROM returns WHERE key = ?"].Bind(request.Key)
            .First(row => new Stored(row.Bytes(0), StoreJson.Read<OrderReturn>(row.Text(1)))) is { } stored)
        {
            return stored.Request.AsSpan().SequenceEqual(hash)
                ? new(stored.Return, null)
                : new(null, new(RefusalCodes.DuplicateOtherContent, "This key was used for another return.", "/key"));
        }

        var redemptions = SqliteRedemptions.InForce(session, request.User, request.Order);
        var before = session["SELECT pieces FROM returns WHERE user_id = ? AND order_id = ?"]
            .Bind(request.User.Value).Bind(request.Order).All(row => StoreJson.Read<int[]>(row.Text(0)));
        var (step, refusal) = ReturnRules.Decide(request, [.. redemptions.Select(r => r.Used)], before);
        if (step is null)
        {
            return new(null, refusal);
        }

        var booked = new OrderReturn(request.Key, request.User, request.Order, step.Value,
            new(step.BudgetBack.Sum(), request.Cart.Currency), now);
        session["INSERT INTO returns (key, request, user_id, order_id, pieces, data) VALUES (?, ?, ?, ?, ?, ?)"]
            .Bind(request.Key).Bind(hash).Bind(request.User.Value).Bind(request.Order)
            .Bind(StoreJson.Write(step.Pieces)).Bind(StoreJson.Write(booked)).Run();
        foreach (var (redemption, back) in redemptions.Zip(step.BudgetBack))
        {
            SqliteRedemptions.GiveBack(
                session, redemption.Key, new(redemption.Campaign, redemption.Day) { Spent = -back });
        }

        foreach (var refund in ReturnEvents.Of(booked, step.Lines))
        {
            SqliteLedger.Record(session, refund);
        }

        return new(booked, null);
    }

    /// <summary>True if pieces of the order came back.</summary>
    public static bool Any(SqliteSession session, UserId user, string order) =>
        session["SELECT EXISTS (SELECT 1 FROM returns WHERE user_id = ? AND order_id = ?)"]
            .Bind(user.Value).Bind(order).First(row => row.Int32(0)) == 1;

    private sealed record Stored(byte[] Request, OrderReturn Return);
}
