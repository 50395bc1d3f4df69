using CouponGrains.Domain.Events;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Experiments;

/// <summary>Lists of offers that are shown to a user, and what the log keeps of them. A list that is only asked for is
/// no exposure.</summary>
public static class ListRules
{
    /// <summary>The most offers of a list.</summary>
    public const int CountMax = 100;

    /// <summary>One event for each offer of a list, in its order. Their ids are made of the caller's key, so that a
    /// list is logged once.</summary>
    /// <param name="user">Who sees it.</param>
    /// <param name="key">The caller's key of the list.</param>
    /// <param name="shown">The offers, first place first, with the probability with which each was shown.</param>
    /// <param name="now">The time.</param>
    public static UserEvent[] Events(
        UserId user, string key, IReadOnlyList<RankedOffer> shown, DateTimeOffset now) =>
        [.. shown.Select((ranked, i) => new UserEvent
        {
            Id = EventOf(user, key, i + 1),
            User = user,
            Kind = EventKind.Exposed,
            At = now,
            Offer = ranked.Offer.Id,
            Propensity = ranked.Propensity,
            Exposure = new(ranked.Model, i + 1, now, ranked.Score, ranked.Response?.Redeem),
        })];

    // A key may be as long as an id, so that it has no room beside the user and the place.
    private static EventId EventOf(UserId user, string key, int position) =>
        new($"exposed:{StableHash.Of(user.Value, key):x16}{StableHash.Of(key, user.Value):x16}:{position}");
}
