using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Storage.Ledger;

/// <summary>Booking what comes back: reads, asks the rules, writes.</summary>
internal static class ReturnSteps
{
    public static ReturnAnswer Book(ILedgerRows rows, ReturnRequest request, DateTimeOffset now)
    {
        if (!IdRules.IsValid(request.Key) || !IdRules.IsValid(request.Order))
        {
            return new(null, new(RefusalCodes.InvalidId,
                $"A return's key and order have 1 to {IdRules.LengthMax} characters each."));
        }

        var hash = RequestHash.Of(request);
        if (rows.FindReturn(request.Key) is { } stored)
        {
            return stored.Request.AsSpan().SequenceEqual(hash)
                ? new(stored.Return, null, IsRepeat: true)
                : new(null, new(RefusalCodes.DuplicateOtherContent, "This key was used for another return.", "/key"));
        }

        var redemptions = rows.InForce(request.User, request.Order);
        var (step, refusal) = ReturnRules.Decide(
            request, [.. redemptions.Select(r => r.Used)], rows.Returned(request.User, request.Order));
        if (step is null)
        {
            return new(null, refusal);
        }

        var booked = new OrderReturn(request.Key, request.User, request.Order, step.Value,
            new(step.BudgetBack.Sum(), request.Cart.Currency), now);
        rows.Insert(new StoredReturn(booked, hash, step.Pieces));
        rows.Tell(OutboxMessages.Returned(booked, step.Lines, redemptions.Select(r => r.Used).Zip(step.BudgetBack)));
        foreach (var refund in ReturnEvents.Of(booked, step.Lines))
        {
            rows.Record(refund);
        }

        foreach (var (redemption, back) in redemptions.ToList().Zip(step.BudgetBack))
        {
            rows.GiveBack(redemption.Key, back);
        }

        return new(booked, null);
    }
}
