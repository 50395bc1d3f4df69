using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Coupons;

/// <summary>Decides whether a coupon is issued. Pure: the ledger reads, asks here, and writes.</summary>
public static class IssueRules
{
    /// <summary>What is wrong with the request as such, or null.</summary>
    public static Refusal? Check(IssueRequest request)
    {
        if (!IdRules.IsValid(request.Key))
        {
            return new(RefusalCodes.InvalidId, $"A key has 1 to {IdRules.LengthMax} characters.", "/key");
        }

        if (!double.IsFinite(request.Score))
        {
            return new(RefusalCodes.InvalidValue, "A score is a finite number.", "/score");
        }

        if (request.RedemptionProbability is { } probability && probability is not (>= 0 and <= 1))
        {
            return new(RefusalCodes.InvalidValue, "A redemption probability is 0 to 1.", "/redemptionProbability");
        }

        return request.Propensity is > 0 and <= 1
            ? null
            : new(RefusalCodes.InvalidValue, "A propensity is above 0 and at most 1.", "/propensity");
    }

    /// <summary>The first reason why the offer is not issued to the user now, or null.</summary>
    /// <param name="campaign">The offer's campaign.</param>
    /// <param name="use">What has been used of its budget.</param>
    /// <param name="openOfUser">The user's coupons of the campaign that are neither used nor run out.</param>
    /// <param name="issuedToUser">All coupons of the campaign that the user was ever issued.</param>
    /// <param name="now">The time.</param>
    public static Refusal? Check(Campaign campaign, BudgetUse use, int openOfUser, int issuedToUser, DateTimeOffset now)
    {
        if (campaign.Status != CampaignStatus.Active)
        {
            return new(RefusalCodes.CampaignNotActive, $"The campaign {campaign.Id} is {campaign.Status}, not active.");
        }

        if (now < campaign.Start || now >= campaign.End)
        {
            return new(RefusalCodes.CampaignNotActive,
                $"The campaign {campaign.Id} runs from {campaign.Start:O} until {campaign.End:O}.");
        }

        if (use.Left.Minor <= 0)
        {
            return new(RefusalCodes.BudgetExhausted, $"The budget of the campaign {campaign.Id} is spent.");
        }

        if (use.Redeemed >= campaign.RedemptionsMax)
        {
            return new(RefusalCodes.CapReached, $"The campaign {campaign.Id} has had its {use.Redeemed} redemptions.");
        }

        if (openOfUser >= campaign.Caps.OpenPerUser)
        {
            return new(RefusalCodes.CapReached,
                $"The user holds {openOfUser} open coupons of the campaign {campaign.Id}.");
        }

        return issuedToUser >= campaign.Caps.IssuedPerUser
            ? new(RefusalCodes.CapReached, $"The user was issued {issuedToUser} coupons of the campaign {campaign.Id}.")
            : null;
    }

    /// <summary>The first reason why the offer itself is not issued now, or null.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="issued">Coupons of it that were issued.</param>
    /// <param name="now">The time.</param>
    public static Refusal? Check(Offer offer, long issued, DateTimeOffset now)
    {
        if (now >= offer.Times?.End)
        {
            return new(RefusalCodes.OfferEnded, $"The offer {offer.Id} ended at {offer.Times.End:O}.");
        }

        return issued >= offer.Stock
            ? new(RefusalCodes.StockExhausted, $"All {offer.Stock} coupons of the offer {offer.Id} are issued.")
            : null;
    }

    /// <summary>Refuses a coupon that could never be used: between <paramref name="now"/> and its expiry there is no
    /// moment that the times of offer and campaign allow.</summary>
    public static Refusal? CheckTimes(Offer offer, Campaign campaign, DateTimeOffset now) => OfferTimes.Meet(
        [offer.Times, campaign.Guardrails.Times], now, ExpiryOf(offer, campaign, now), CampaignRules.Zone(campaign))
            ? null
            : new(RefusalCodes.NoUsableTime,
                $"A coupon of the offer {offer.Id} issued now would run out before a time at which it may be used.");

    /// <summary>The instant from which a coupon issued at <paramref name="now"/> is not valid any more: the earliest
    /// of <paramref name="now"/> + <see cref="Offer.ValidFor"/>, the offer's end and the campaign's end.</summary>
    public static DateTimeOffset ExpiryOf(Offer offer, Campaign campaign, DateTimeOffset now)
    {
        var end = offer.Times?.End < campaign.End ? offer.Times.End.Value : campaign.End;
        return offer.ValidFor < end - now ? now + offer.ValidFor : end;
    }
}
