using CouponGrains.Contracts;
using CouponGrains.Contracts.Events;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Models;

namespace CouponGrains.Grains.Events;

/// <summary>Looks at what comes in from outside with the ledger beside it, and counts what is refused.</summary>
internal sealed class FeedbackDesk(ILedger ledger, IReplica replica, FeedbackCounts counts, TimeProvider time)
{
    /// <summary>Refuses, among the events without a refusal, those that tell of coupons and lists of this
    /// shop.</summary>
    public async Task Check(RecordAnswer[] answers, IReadOnlyList<UserEvent> events, CancellationToken cancel)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Refusal is null && events[i].Kind >= EventKind.Issued)
            {
                var coupon = FeedbackRules.CodeOf(events[i]) is { } code ? await ledger.Find(code, cancel) : null;
                answers[i] = new(answers[i].Id, null, FeedbackRules.Check(events[i], coupon));
            }
        }
    }

    /// <summary>Counts what became of a batch.</summary>
    public void Count(IReadOnlyList<RecordAnswer> answers, IReadOnlyList<UserEvent> events)
    {
        var (catalog, now) = (replica.Current.Catalog, time.GetUtcNow());
        for (var i = 0; i < answers.Count; i++)
        {
            counts.Count(answers[i].Refusal?.Code);
            if (answers[i].Status == AppendStatus.Accepted)
            {
                foreach (var note in FeedbackRules.Notes(events[i], catalog, now))
                {
                    counts.Count(note);
                }
            }
        }
    }

    /// <summary>Counts the refusal of an answer, and hands the answer on.</summary>
    public Answer<Coupon> Counted(Answer<Coupon> answer)
    {
        counts.Count(answer.Refusal?.Code);
        return answer;
    }
}
