using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Models;

namespace CouponGrains.Grains.Campaigns;

/// <summary>A campaign's offers that wait for review: what is told of them, and the decision.</summary>
internal sealed class ReviewDesk(ICampaignStore store, ILedger ledger, IReplica replica, TimeProvider time)
{
    /// <summary>The offers held for review, those that wait first, with what they cost and leave.</summary>
    public async Task<OfferReviews> Reviews(Campaign campaign, CancellationToken cancel)
    {
        await replica.Refresh(cancel);
        var catalog = replica.Current.Catalog;
        var use = await ledger.Budget(campaign.Id, cancel)
            ?? new(campaign.Budget, Money.Zero(campaign.Budget.Currency), 0, 0);
        var inForce = await store.Offers(campaign.Id, cancel);
        var reviews = await store.Reviews(campaign.Id, cancel);
        return new OfferReviews([.. reviews.OrderBy(r => r.Status != ReviewStatus.Waiting).Select(r =>
        {
            var e = OfferEstimate.Of(r.Offer, campaign, use, catalog, inForce);
            return new ReviewedOffer(r.Offer, r.Status, r.At, r.Note, e.Cost, e.ExpectedCost, e.MarginLeftBasisPoints,
                e.Nearest, e.Likeness);
        })]);
    }

    /// <summary>Puts an offer into force or turns it down; the same decision again changes nothing.</summary>
    public async Task<Answer<Offer>> Decide(
        Campaign campaign, OfferId offer, bool approved, string note, CancellationToken cancel)
    {
        var wanted = approved ? ReviewStatus.Approved : ReviewStatus.Rejected;
        var review = (await store.Reviews(campaign.Id, cancel)).FirstOrDefault(r => r.Offer.Id == offer);
        if (review is null)
        {
            return new Refusal(RefusalCodes.UnknownOffer, $"Campaign {campaign.Id} has no offer {offer} in review.");
        }

        if (review.Status == wanted)
        {
            return review.Offer;
        }

        await replica.Refresh(cancel);
        if (approved && OfferRules.Check(review.Offer, campaign.Guardrails, replica.Current.Catalog) is { } refusal)
        {
            return refusal;
        }

        return await store.Decide(offer, approved, note, time.GetUtcNow(), cancel)
            ? review.Offer
            : new Refusal(RefusalCodes.InvalidValue, $"The offer {offer} has been decided otherwise.", "/offer");
    }
}
