using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>Which offers one user may be issued at one moment; remembers what it found for each campaign.</summary>
internal sealed class Eligibility(OfferIndex index, RankingSubject subject, DateTimeOffset now)
{
    private readonly Dictionary<CampaignId, Refusal?> _campaigns = [];
    private readonly HashSet<OfferId> _held = [.. subject.Wallet.Where(c => IsOpen(c, now)).Select(c => c.Offer)];
    private readonly string? _shopCap = index.ShopCaps.Reached(subject.Wallet, now);

    internal bool Allows(Offer offer) => Obstacle(offer.Campaign) is null
        && OfferRules.Suits(offer, subject.Profile.Orders) && !_held.Contains(offer.Id);

    /// <summary>Why nothing of the campaign may be issued to the user now, or null.</summary>
    internal Refusal? Obstacle(CampaignId campaign)
    {
        if (!_campaigns.TryGetValue(campaign, out var obstacle))
        {
            _campaigns[campaign] = obstacle = Obstacle(index.Campaigns[campaign]);
        }

        return obstacle;
    }

    /// <summary>The rules of the offer's campaign that are at work for the user, in words.</summary>
    internal IEnumerable<Reason> Rules(Campaign campaign)
    {
        var open = subject.Wallet.Count(c => c.Campaign == campaign.Id && IsOpen(c, now));
        if (open > 0)
        {
            yield return new("rule", $"{open} of {campaign.Caps.OpenPerUser} open coupons of the campaign");
        }

        var frequency = campaign.Caps.Frequency;
        if ((frequency.IssuedPerWeek ?? index.ShopCaps.IssuedPerWeek) is { } week)
        {
            yield return new("rule", $"At most {week} coupons in 7 days");
        }

        if ((frequency.IssuedPerDay ?? index.ShopCaps.IssuedPerDay) is { } day)
        {
            yield return new("rule", $"At most {day} coupons in 24 hours");
        }
    }

    private static bool IsOpen(Coupon coupon, DateTimeOffset now) => coupon.IsOpen && coupon.ExpiresAt > now;

    private Refusal? Obstacle(Campaign campaign)
    {
        if (campaign.Status != CampaignStatus.Active || now < campaign.Start || now >= campaign.End)
        {
            return new(RefusalCodes.CampaignNotActive, $"Campaign {campaign.Id} is not active now.", "/campaign");
        }

        if (!CampaignRules.Addresses(campaign.Audience, subject.Profile))
        {
            return new(RefusalCodes.NoSuitableOffer, $"Campaign {campaign.Id} does not address this user.");
        }

        var issued = subject.Wallet.Where(c => c.Campaign == campaign.Id).ToList();
        if (issued.Count >= campaign.Caps.IssuedPerUser
            || issued.Count(c => IsOpen(c, now)) >= campaign.Caps.OpenPerUser
            || issued.Sum(c => c.Uses) >= campaign.Caps.RedeemedPerUser)
        {
            return new(RefusalCodes.NoSuitableOffer, $"The user has reached the caps of campaign {campaign.Id}.");
        }

        return (campaign.Caps.Frequency.Reached(issued, now) ?? _shopCap) is { } cap
            ? new(RefusalCodes.CapReached, $"No more coupons for this user now: {cap}.")
            : null;
    }
}
