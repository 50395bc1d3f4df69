using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>Which offers one user may be issued at one moment; remembers what it found for each campaign.</summary>
internal sealed class Eligibility(OfferIndex index, RankingSubject subject, DateTimeOffset now)
{
    private readonly Dictionary<CampaignId, bool> _campaigns = [];
    private readonly HashSet<OfferId> _held = [.. subject.Wallet.Where(c => IsOpen(c, now)).Select(c => c.Offer)];

    internal bool Allows(Offer offer)
    {
        if (!_campaigns.TryGetValue(offer.Campaign, out var allowed))
        {
            _campaigns[offer.Campaign] = allowed = Allows(index.Campaigns[offer.Campaign]);
        }

        return allowed && OfferRules.Suits(offer, subject.Profile.Orders) && !_held.Contains(offer.Id);
    }

    private static bool IsOpen(Coupon coupon, DateTimeOffset now) => coupon.IsOpen && coupon.ExpiresAt > now;

    private bool Allows(Campaign campaign)
    {
        if (campaign.Status != CampaignStatus.Active || now < campaign.Start || now >= campaign.End
            || !CampaignRules.Addresses(campaign.Audience, subject.Profile))
        {
            return false;
        }

        var issued = subject.Wallet.Where(c => c.Campaign == campaign.Id).ToList();
        return issued.Count < campaign.Caps.IssuedPerUser
            && issued.Count(c => IsOpen(c, now)) < campaign.Caps.OpenPerUser
            && issued.Count(c => c.State == CouponState.Redeemed) < campaign.Caps.RedeemedPerUser;
    }
}
