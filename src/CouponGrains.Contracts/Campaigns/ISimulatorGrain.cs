using CouponGrains.Domain;

namespace CouponGrains.Contracts.Campaigns;

/// <summary>Tries campaigns out on users, without issuing anything; a stateless worker, key 0.</summary>
[Alias("cg.simulator"), GrainInterfaceType("cg.simulator")]
public interface ISimulatorGrain : IGrainWithIntegerKey
{
    /// <summary>Ranks a campaign's offers, whatever its status, for a sample of the users.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="users">How many users, 1 to 1000.</param>
    /// <param name="at">As of when; null is now, or the campaign's start if that is yet to come.</param>
    /// <param name="cancel">Ends the work.</param>
    [Alias("simulate")]
    Task<Answer<CampaignSimulation>> Simulate(
        CampaignId campaign, int users, DateTimeOffset? at, CancellationToken cancel = default);
}

/// <summary>What a campaign would do, if each user of a sample were issued the offer that suits him best.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="At">As of when.</param>
/// <param name="Users">Users of the sample.</param>
/// <param name="Addressed">Those in the audience.</param>
/// <param name="Offered">Those for whom there was an offer.</param>
/// <param name="Redemptions">Redemptions to expect, by the response model; without one, by the share of the campaign's
/// coupons that were redeemed so far, where one redeemed of two is taken as given.</param>
/// <param name="Spend">What they would give, each on a typical cart.</param>
/// <param name="Left">What is left of the budget.</param>
/// <param name="Offers">By offer, the one for most users first.</param>
[GenerateSerializer, Immutable, Alias("cg.campaign-simulation")]
public sealed record CampaignSimulation(
    [property: Id(0)] CampaignId Campaign, [property: Id(1)] DateTimeOffset At, [property: Id(2)] int Users,
    [property: Id(3)] int Addressed, [property: Id(4)] int Offered, [property: Id(5)] double Redemptions,
    [property: Id(6)] Money Spend, [property: Id(7)] Money Left,
    [property: Id(8)] IReadOnlyList<SimulatedOffer> Offers);

/// <summary>An offer in a simulation.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Title">Its title.</param>
/// <param name="Users">Users whom it suits best.</param>
/// <param name="Redemptions">Redemptions to expect of them.</param>
/// <param name="Spend">What these would give.</param>
[GenerateSerializer, Immutable, Alias("cg.simulated-offer")]
public sealed record SimulatedOffer(
    [property: Id(0)] OfferId Offer, [property: Id(1)] string Title, [property: Id(2)] int Users,
    [property: Id(3)] double Redemptions, [property: Id(4)] Money Spend);
