using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Offers;

/// <summary>What became of each offer, gathered while the log is streamed.</summary>
internal sealed class OfferFeedback
{
    /// <summary>The most redeemers kept for one offer: the first ones.</summary>
    private const int RedeemersMax = 64;

    private readonly Dictionary<OfferId, List<UserId>> _redeemers = [];

    /// <summary>Takes one event; only redemptions that name an offer, and their roll-backs, count.</summary>
    public void Add(UserEvent e)
    {
        if (e.Offer is not { } offer || e.Kind is not (EventKind.Redeemed or EventKind.RolledBack))
        {
            return;
        }

        if (!_redeemers.TryGetValue(offer, out var users))
        {
            _redeemers.Add(offer, users = []);
        }

        if (e.Kind == EventKind.RolledBack)
        {
            users.Remove(e.User);
        }
        else if (users.Count < RedeemersMax)
        {
            users.Add(e.User);
        }
    }

    /// <summary>Who redeemed an offer; a user who did it twice is there twice.</summary>
    public IReadOnlyList<UserId> Redeemers(OfferId offer) => _redeemers.TryGetValue(offer, out var users) ? users : [];
}
