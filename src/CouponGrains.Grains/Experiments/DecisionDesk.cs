using CouponGrains.Contracts;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Grains.Models;

namespace CouponGrains.Grains.Experiments;

/// <summary>Finds what was decided for a user in his part of the log, and ranks it again as things stood
/// then.</summary>
internal sealed class DecisionDesk(UserId user, IEventLog log, IReplica replica)
{
    private const int Page = 1_000;
    private const int RankMax = 100;

    /// <summary>Scores are told alike if they differ by less than this share of the logged one: events of the same
    /// history are summed in another order.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>The newest decisions before a place in the log, newest first.</summary>
    public async Task<IReadOnlyList<Decision>> List(long before, int limit, CancellationToken cancel)
    {
        var newest = new Queue<Decision>();
        await foreach (var recorded in Read(cancel))
        {
            if (recorded.Sequence < before && Decision.Of(recorded) is { } decision)
            {
                newest.Enqueue(decision);
                if (newest.Count > limit)
                {
                    newest.Dequeue();
                }
            }
        }

        return [.. newest.Reverse()];
    }

    /// <summary>Why an event's decision was taken.</summary>
    public async Task<Answer<DecisionExplanation>> Explain(
        EventId id, UserRecord record, IReadOnlyList<Coupon> wallet, CancellationToken cancel)
    {
        var index = replica.Current;
        var profile = index.Model is { } model
            ? new UserProfile(record, model.Weights, model.Reference)
            : new UserProfile(record, new(), DateTimeOffset.UnixEpoch);
        await foreach (var recorded in Read(cancel))
        {
            if (recorded.Event.Id == id)
            {
                return Decision.Of(recorded) is { } decision
                    ? Explain(decision, index, profile, wallet)
                    : Unknown(id);
            }

            profile.Apply(recorded, recorded.Event.Item is { } item ? index.Catalog.Get(item) : null);
        }

        return Unknown(id);
    }

    private static DecisionExplanation Explain(
        Decision decision, OfferIndex index, UserProfile profile, IReadOnlyList<Coupon> wallet)
    {
        var subject = new RankingSubject(
            profile,
            index.Model is null ? null : TasteVector.Fold(profile, index.Model),
            [.. wallet.Where(coupon => coupon.IssuedAt < decision.At)],
            index.Model is null || !profile.Record.Consent ? null : SequenceState.Replay(index.Model, profile.Recent));
        var campaign = index.Offers.FirstOrDefault(offer => offer.Id == decision.Offer)?.Campaign;
        var ranked = campaign is null
            ? null
            : OfferRanker.Rank(index, subject, campaign, RankMax, decision.At)
                .FirstOrDefault(one => one.Offer.Id == decision.Offer);
        var version = index.Model?.Version ?? ModelVersion.None;
        var isExact = ranked is not null && version == decision.Model
            && Math.Abs(ranked.Score - decision.Score) <= Tolerance * Math.Max(1, Math.Abs(decision.Score));
        return new(decision, version, isExact, ranked?.Score, ranked?.Reasons ?? []);
    }

    private async IAsyncEnumerable<RecordedEvent> Read(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (last, page) = (0L, (IReadOnlyList<RecordedEvent>)[]);
        do
        {
            page = await log.ReadUser(user, last, Page, cancel);
            foreach (var recorded in page)
            {
                last = recorded.Sequence;
                yield return recorded;
            }
        }
        while (page.Count == Page);
    }

    private static Refusal Unknown(EventId id) =>
        new(RefusalCodes.UnknownDecision, $"Nothing was decided for this user under {id}.");
}
