using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Contracts.Campaigns;

/// <summary>One campaign. The key is its id.</summary>
[Alias("cg.campaign"), GrainInterfaceType("cg.campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Creates the campaign (revision 1) or changes it (the revision after the stored one). What lets it spend
    /// more than one person may decide is refused with <see cref="RefusalCodes.ApprovalRequired"/> and waits for
    /// another.</summary>
    [Alias("put")]
    Task<Answer<Campaign>> Put(Campaign campaign, CancellationToken cancel = default);

    /// <summary>Creates the campaign from a template, with its offers, as a draft.</summary>
    [Alias("create")]
    Task<Answer<Campaign>> Create(TemplateOrder order, CancellationToken cancel = default);

    /// <summary>Moves it to another status: draft to active, active to paused and back, any to archived.</summary>
    [Alias("set-status")]
    Task<Answer<Campaign>> SetStatus(CampaignStatus status, CancellationToken cancel = default);

    /// <summary>The same if the stored revision is <paramref name="revision"/>; refused with
    /// <see cref="RefusalCodes.RevisionChanged"/> otherwise.</summary>
    [Alias("set-status-of")]
    Task<Answer<Campaign>> SetStatusOf(int revision, CampaignStatus status, CancellationToken cancel = default);

    /// <summary>The requests for approval, the newest first.</summary>
    [Alias("approvals")]
    Task<Answer<CampaignApprovals>> Approvals(CancellationToken cancel = default);

    /// <summary>Decides a request for approval, in the name of the caller, who must be another than who asked.
    /// Approved, the revision that was asked for is in force.</summary>
    [Alias("decide-approval")]
    Task<Answer<CampaignApproval>> DecideApproval(
        int request, bool approved, string note, CancellationToken cancel = default);

    /// <summary>The campaign with its budget and offers.</summary>
    [Alias("show")]
    Task<Answer<CampaignView>> Show(CancellationToken cancel = default);

    /// <summary>Adds offers, at most 1000. Answers a refusal, or null, for each, in the order given.</summary>
    [Alias("add-offers")]
    Task<IReadOnlyList<Refusal?>> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel = default);

    /// <summary>The reviews of its designed offers, with what a person should know before deciding.</summary>
    [Alias("reviews")]
    Task<Answer<OfferReviews>> Reviews(CancellationToken cancel = default);

    /// <summary>Approves or rejects an offer that waits for review. The same decision again changes nothing; another
    /// one is refused. An offer that the guardrails or the catalog do not allow any more is not approved.</summary>
    [Alias("decide")]
    Task<Answer<Offer>> Decide(OfferId offer, bool approved, string note, CancellationToken cancel = default);

    /// <summary>Withdraws an offer: it is not issued any more.</summary>
    [Alias("withdraw-offer")]
    Task<Answer<Offer>> WithdrawOffer(OfferId offer, CancellationToken cancel = default);

    /// <summary>Issues to every user in the audience the offer that suits him best, as a wave that runs on after the
    /// answer and, after a restart, goes on where it was. The same wave name does nothing twice.</summary>
    [Alias("push")]
    Task<Answer<PushWave>> Push(string wave, CancellationToken cancel = default);

    /// <summary>Makes codes in advance, as a job that runs on after the answer and, after a restart, goes on where it
    /// was. The same name makes them once.</summary>
    [Alias("order-codes")]
    Task<Answer<CodeBatch>> OrderCodes(CodeOrder order, CancellationToken cancel = default);

    /// <summary>How far a batch of codes is.</summary>
    [Alias("codes")]
    Task<Answer<CodeBatch>> Codes(string name, CancellationToken cancel = default);

    /// <summary>The codes of a batch after the first <paramref name="after"/>, at most
    /// <see cref="CodeRules.StepMax"/>.</summary>
    [Alias("code-page")]
    Task<Answer<CodePage>> CodePage(string name, int after, CancellationToken cancel = default);

    /// <summary>Gives an offer a code that many users share. The same wish again answers the same; a code that another
    /// offer has is refused with <see cref="RefusalCodes.DuplicateOtherContent"/>.</summary>
    [Alias("share-code")]
    Task<Answer<SharedCode>> ShareCode(SharedCodeOrder order, CancellationToken cancel = default);

    /// <summary>The campaign's shared codes, in the order of their names.</summary>
    [Alias("shared-codes")]
    Task<Answer<SharedCodeList>> SharedCodes(CancellationToken cancel = default);

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

/// <summary>A campaign's codes that many users share.</summary>
/// <param name="Codes">The codes, in the order of their names.</param>
[GenerateSerializer, Immutable, Alias("cg.shared-codes")]
public sealed record SharedCodeList([property: Id(0)] IReadOnlyList<SharedCode> Codes);

/// <summary>Codes that follow one another in their batch.</summary>
/// <param name="Codes">The codes; none after the last.</param>
[GenerateSerializer, Immutable, Alias("cg.code-page")]
public sealed record CodePage([property: Id(0)] IReadOnlyList<string> Codes);

/// <summary>The reviews of a campaign's offers.</summary>
/// <param name="Reviews">Those that wait first, each in the order of ids.</param>
[GenerateSerializer, Immutable, Alias("cg.offer-reviews")]
public sealed record OfferReviews([property: Id(0)] IReadOnlyList<ReviewedOffer> Reviews);

/// <summary>An offer with its review and <see cref="OfferEstimate"/>.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Status">Where the review stands.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Note">Why.</param>
/// <param name="Cost">What one use gives on a typical cart.</param>
/// <param name="ExpectedCost">The same for each coupon issued.</param>
/// <param name="MarginLeftBasisPoints">The mean margin left in scope, in ten-thousandths of the price.</param>
/// <param name="Nearest">The offer in force that is most like it.</param>
/// <param name="Likeness">How like, 0 to 1.</param>
[GenerateSerializer, Immutable, Alias("cg.reviewed-offer")]
public sealed record ReviewedOffer(
    [property: Id(0)] Offer Offer, [property: Id(1)] ReviewStatus Status, [property: Id(2)] DateTimeOffset? At,
    [property: Id(3)] string Note, [property: Id(4)] Money Cost, [property: Id(5)] Money ExpectedCost,
    [property: Id(6)] int? MarginLeftBasisPoints, [property: Id(7)] OfferId? Nearest, [property: Id(8)] double Likeness);

/// <summary>A push to all users of a campaign.</summary>
/// <param name="Name">The caller's name for it.</param>
/// <param name="Seen">Users looked at.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Done">True when every user has been looked at.</param>
[GenerateSerializer, Immutable, Alias("cg.push-wave")]
public sealed record PushWave(
    [property: Id(0)] string Name, [property: Id(1)] long Seen, [property: Id(2)] long Issued, [property: Id(3)] bool Done);
