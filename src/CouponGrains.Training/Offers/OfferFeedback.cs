using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Offers;

/// <summary>What became of each offer, gathered while the log is streamed: use, non-use and rating.</summary>
internal sealed class OfferFeedback
{
    /// <summary>The most redeemers kept for one offer: the first ones.</summary>
    private const int RedeemersMax = 64;

    /// <summary>The rating that says neither yes nor no; one such rating is taken as given beforehand.</summary>
    private const double MiddleRating = 3;

    private readonly Dictionary<OfferId, Outcomes> _outcomes = [];

    /// <summary>Takes one event; only redemptions, their roll-backs, expiries and ratings that name an offer
    /// count.</summary>
    public void Add(UserEvent e)
    {
        if (e.Offer is not { } offer
            || e.Kind is not (EventKind.Redeemed or EventKind.RolledBack or EventKind.Expired or EventKind.Rated))
        {
            return;
        }

        if (!_outcomes.TryGetValue(offer, out var outcomes))
        {
            _outcomes.Add(offer, outcomes = new());
        }

        outcomes.Add(e);
    }

    /// <summary>Who redeemed an offer; a user who did it twice is there twice.</summary>
    public IReadOnlyList<UserId> Redeemers(OfferId offer) =>
        _outcomes.TryGetValue(offer, out var outcomes) ? outcomes.Redeemers : [];

    /// <summary>How much an offer's results speak for it: <c>(redeemed + 1) / (redeemed + expired + 1)</c> times its
    /// mean rating over the middle one, where one middle rating is taken as given. 1 for an offer without results,
    /// towards 0 for one that is left to run out.</summary>
    public float Weight(OfferId offer) => _outcomes.TryGetValue(offer, out var outcomes) ? (float)outcomes.Weight : 1;

    private sealed class Outcomes
    {
        private int _redeemed;
        private int _expired;
        private int _ratings;
        private int _ratingSum;

        public List<UserId> Redeemers { get; } = [];

        public double Weight =>
            (_redeemed + 1.0) / (_redeemed + _expired + 1) * (MiddleRating + _ratingSum) / (MiddleRating * (1 + _ratings));

        public void Add(UserEvent e)
        {
            switch (e.Kind)
            {
                case EventKind.Redeemed:
                    _redeemed++;
                    if (Redeemers.Count < RedeemersMax)
                    {
                        Redeemers.Add(e.User);
                    }

                    break;
                case EventKind.RolledBack:
                    _redeemed = Math.Max(0, _redeemed - 1);
                    Redeemers.Remove(e.User);
                    break;
                case EventKind.Expired:
                    _expired++;
                    break;
                default:
                    _ratings++;
                    _ratingSum += e.Rating ?? (int)MiddleRating;
                    break;
            }
        }
    }
}
