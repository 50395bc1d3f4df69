using CouponGrains.Domain;

namespace CouponGrains.Contracts.Reports;

/// <summary>Why the checkout refused the coupons of a campaign; its key is the campaign's id.</summary>
[Alias("cg.refusals"), GrainInterfaceType("cg.refusals")]
public interface IRefusalsGrain : IGrainWithStringKey
{
    /// <summary>The last days (1 to 366), today among them. Refused with
    /// <see cref="RefusalCodes.UnknownCampaign"/>.</summary>
    [Alias("show")]
    Task<Answer<CampaignRefusals>> Show(int days, CancellationToken cancel = default);

    /// <summary>Notes how often redemptions were refused since this was last told by the same silo, by the status in
    /// snake_case.</summary>
    [Alias("add")]
    Task Add(IReadOnlyDictionary<string, long> counts, CancellationToken cancel = default);
}

/// <summary>Why the checkout refused the coupons of a campaign.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Days">The last days, today of UTC among them.</param>
/// <param name="Refused">Redemptions refused on these days, by reason. Told by each silo every half minute, so that a
/// silo that is killed takes the last half minute with it. A confirmation that came too late, and a code that there is
/// not, belong to no campaign.</param>
[GenerateSerializer, Immutable, Alias("cg.campaign-refusals")]
public sealed record CampaignRefusals(
    [property: Id(0)] CampaignId Campaign, [property: Id(1)] int Days,
    [property: Id(2)] IReadOnlyDictionary<string, long> Refused);
