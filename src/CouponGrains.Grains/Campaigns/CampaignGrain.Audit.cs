using System.Security.Cryptography;
using System.Text.Json;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Grains.Audit;

namespace CouponGrains.Grains.Campaigns;

/// <summary>What is recorded of changes.</summary>
internal sealed partial class CampaignGrain
{
    /// <summary>Offers named in one record; of all there is a digest.</summary>
    private const int OffersNamed = 5;

    private AuditEntry Change(Campaign? before, Campaign after) => audit.Entry((before?.Status, after.Status) switch
    {
        (null, _) => AuditActions.CampaignCreate,
        var (from, to) when from == to => AuditActions.CampaignChange,
        (_, CampaignStatus.Active) => AuditActions.CampaignActivate,
        (_, CampaignStatus.Paused) => AuditActions.CampaignPause,
        _ => AuditActions.CampaignArchive,
    }, AuditTargets.Campaign(Id), before, after);

    private AuditEntry Added(IReadOnlyList<Offer> offers, bool waiting) => audit.Entry(
        AuditActions.OffersAdd, AuditTargets.Campaign(Id),
        AuditDesk.Told("/offers", offers.Take(OffersNamed).Select(offer => offer.Id)),
        AuditDesk.Told("/count", offers.Count),
        AuditDesk.Told("/waiting", waiting),
        AuditDesk.Told("/sha256", Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(offers, WireJson.Options)))));

    private AuditEntry Entry(string action, OfferId offer, params AuditDifference[] told) =>
        audit.Entry(action, AuditTargets.Offer(offer), [AuditDesk.Told("/campaign", Id), .. told]);
}
