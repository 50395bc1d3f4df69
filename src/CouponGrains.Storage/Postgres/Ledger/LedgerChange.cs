using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Ledger;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>A change of the ledger that waits for its batch.</summary>
/// <param name="Needs">Says what the step will read.</param>
/// <param name="Step">Decides and changes; answers. Before it refuses by an exception it has written nothing.</param>
internal sealed record LedgerChange(Func<LedgerNeeds, LedgerNeeds> Needs, Func<ILedgerRows, object> Step)
{
    /// <summary>Runs a batch inside a transaction. Throws <see cref="LeaseSpentException"/> if it must be run again,
    /// without a lease that the writer believed in.</summary>
    public static async Task<Outcome<object>[]> Run(
        PostgresSession session, IReadOnlyList<LedgerChange> changes, LedgerLeases leases)
    {
        var needs = new LedgerNeeds();
        foreach (var change in changes)
        {
            change.Needs(needs);
        }

        try
        {
            var book = await LedgerLoad.Read(session, needs, leases);
            var outcomes = changes.Select(change => Decide(change, book)).ToArray();
            var events = await LedgerFlush.Write(session, book, leases, needs.Now);
            return Array.ConvertAll(outcomes, outcome =>
                outcome.Failure is null ? outcome with { Answer = Placed(outcome.Answer, events) } : outcome);
        }
        catch (LeaseSpentException e)
        {
            leases.Note(e.Campaign, false);
            throw;
        }
    }

    private static Outcome<object> Decide(LedgerChange change, LedgerBook book)
    {
        try
        {
            return new(change.Step(book));
        }
        catch (RefusedException e)
        {
            return new(e, e);
        }
    }

    /// <summary>The answer with its event's place in the log, which is known only now.</summary>
    private static object Placed(object answer, IReadOnlyList<RecordedEvent> events) => answer switch
    {
        CouponAnswer { Event: { } e } coupon => coupon with { Event = events[Index(e)] },
        LedgerAnswer { Event: { } e } ledger => ledger with { Event = events[Index(e)] },
        IReadOnlyList<CouponAnswer> many => (CouponAnswer[])[.. many.Select(one => (CouponAnswer)Placed(one, events))],
        _ => answer,
    };

    private static int Index(RecordedEvent e) => checked((int)(-e.Sequence - 1));
}
