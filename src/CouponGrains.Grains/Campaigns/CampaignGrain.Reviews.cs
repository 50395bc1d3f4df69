using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Grains.Audit;

namespace CouponGrains.Grains.Campaigns;

/// <summary>The reviews of designed offers.</summary>
internal sealed partial class CampaignGrain
{
    public async Task<Answer<OfferReviews>> Reviews(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is not { } campaign)
        {
            return Unknown();
        }

        await replica.Refresh(cancel);
        var catalog = replica.Current.Catalog;
        var use = await ledger.Budget(Id, cancel) ?? new(campaign.Budget, Money.Zero(campaign.Budget.Currency), 0, 0);
        var inForce = await store.Offers(Id, cancel);
        var reviews = await store.Reviews(Id, cancel);
        return new OfferReviews([.. reviews.OrderBy(r => r.Status != ReviewStatus.Waiting).Select(r =>
        {
            var e = OfferEstimate.Of(r.Offer, campaign, use, catalog, inForce);
            return new ReviewedOffer(r.Offer, r.Status, r.At, r.Note, e.Cost, e.ExpectedCost, e.MarginLeftBasisPoints,
                e.Nearest, e.Likeness);
        })]);
    }

    public async Task<Answer<Offer>> Decide(OfferId offer, bool approved, string note, CancellationToken cancel)
    {
        if (note.Length > OfferReview.NoteLengthMax)
        {
            return new Refusal(RefusalCodes.InvalidValue,
                $"A note has at most {OfferReview.NoteLengthMax} characters.", "/note");
        }

        if (await store.Get(Id, cancel) is not { } campaign)
        {
            return Unknown();
        }

        var wanted = approved ? ReviewStatus.Approved : ReviewStatus.Rejected;
        var review = (await store.Reviews(Id, cancel)).FirstOrDefault(r => r.Offer.Id == offer);
        if (review is null)
        {
            return new Refusal(RefusalCodes.UnknownOffer, $"Campaign {Id} has no offer {offer} in review.");
        }

        if (review.Status == wanted)
        {
            return review.Offer;
        }

        await replica.Refresh(cancel);
        if (approved && CampaignRules.Check(campaign, review.Offer, replica.Current.Catalog) is { } refusal)
        {
            return refusal;
        }

        var action = approved ? AuditActions.OfferApprove : AuditActions.OfferReject;
        if (!await store.Decide(offer, approved, note, time.GetUtcNow(), cancel, Entry(action, offer, AuditDesk.Told("/note", note))))
        {
            return new Refusal(RefusalCodes.InvalidValue, $"The offer {offer} has been decided otherwise.", "/offer");
        }

        await hints.Tell(cancel);
        return review.Offer;
    }
}
