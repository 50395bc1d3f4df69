using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Ranking;

/// <summary>Which offers one user may be issued at one moment; remembers what it found for each campaign.</summary>
internal sealed class Eligibility(OfferIndex index, RankingSubject subject, DateTimeOffset now)
{
    private readonly bool?[] _open = new bool?[index.Numbered.Length];
    private readonly OfferId[] _held = Held(subject.Wallet, now);
    private readonly string? _shopCap = index.ShopCaps.Reached(subject.Wallet, now);

    /// <summary>True if the offer at this place may be issued.</summary>
    internal bool Allows(int place)
    {
        var number = index.CampaignNumberOf(place);
        if (!(_open[number] ??= Obstacle(index.Numbered[number]) is null))
        {
            return false;
        }

        var offer = index.Offers[place];
        return OfferRules.Suits(offer, subject.Profile.Orders)
            && (_held.Length == 0 || Array.IndexOf(_held, offer.Id) < 0);
    }

    /// <summary>Why nothing of the campaign may be issued to the user now, or null.</summary>
    internal Refusal? Obstacle(CampaignId campaign) => Obstacle(index.Campaigns[campaign]);

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

    private static OfferId[] Held(IReadOnlyCollection<Coupon> wallet, DateTimeOffset now) =>
        wallet.Count == 0 ? [] : [.. wallet.Where(c => IsOpen(c, now)).Select(c => c.Offer)];

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
