using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Campaigns;

/// <summary>One campaign. The key is its id.</summary>
[Alias("cg.campaign"), GrainInterfaceType("cg.campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Creates the campaign (revision 1) or changes it (the revision after the stored one).</summary>
    [Alias("put")]
    Task<Answer<Campaign>> Put(Campaign campaign, CancellationToken cancel = default);

    /// <summary>Creates the campaign from a template, with its offers, as a draft.</summary>
    [Alias("create")]
    Task<Answer<Campaign>> Create(TemplateOrder order, CancellationToken cancel = default);

    /// <summary>Moves it to another status: draft to active, active to paused and back, any to archived.</summary>
    [Alias("set-status")]
    Task<Answer<Campaign>> SetStatus(CampaignStatus status, CancellationToken cancel = default);

    /// <summary>The campaign with its budget and offers.</summary>
    [Alias("show")]
    Task<Answer<CampaignView>> Show(CancellationToken cancel = default);

    /// <summary>Adds offers, at most 1000. Answers a refusal, or null, for each, in the order given.</summary>
    [Alias("add-offers")]
    Task<IReadOnlyList<Refusal?>> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel = default);

    /// <summary>Withdraws an offer: it is not issued any more.</summary>
    [Alias("withdraw-offer")]
    Task<Answer<Offer>> WithdrawOffer(OfferId offer, CancellationToken cancel = default);

    /// <summary>Issues to every user in the audience the offer that suits him best, as a wave that runs on after the answer
    /// and, after a restart, goes on where it was. The same wave name does nothing twice.</summary>
    [Alias("push")]
    Task<Answer<PushWave>> Push(string wave, CancellationToken cancel = default);

    /// <summary>How far a wave is.</summary>
    [Alias("wave")]
    Task<Answer<PushWave>> Wave(string wave, CancellationToken cancel = default);
}

/// <summary>A campaign as people see it.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Use">Its budget.</param>
/// <param name="Offers">Its offers in force.</param>
[GenerateSerializer, Immutable, Alias("cg.campaign-view")]
public sealed record CampaignView(
    [property: Id(0)] Campaign Campaign, [property: Id(1)] BudgetUse Use, [property: Id(2)] IReadOnlyList<Offer> Offers);

/// <summary>A push to all users of a campaign.</summary>
/// <param name="Name">The caller's name for it.</param>
/// <param name="Seen">Users looked at.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Done">True when every user has been looked at.</param>
[GenerateSerializer, Immutable, Alias("cg.push-wave")]
public sealed record PushWave(
    [property: Id(0)] string Name, [property: Id(1)] long Seen, [property: Id(2)] long Issued, [property: Id(3)] bool Done);
