using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Grains.Models;
using Orleans.Concurrency;

namespace CouponGrains.Grains.Campaigns;

/// <summary>Reads the users of a sample from the stores and ranks for them as their grains would.</summary>
[StatelessWorker, GrainType("simulator")]
internal sealed class SimulatorGrain(
    ICampaignStore campaigns, IUserStore users, IEventLog log, ILedger ledger, IReplica replica, TimeProvider time)
    : Grain, ISimulatorGrain
{
    private const int UsersMax = 1_000;
    private const int Page = 1_000;
    private const int WalletMax = 500;

    public async Task<Answer<CampaignSimulation>> Simulate(
        CampaignId campaign, int users, DateTimeOffset? at, CancellationToken cancel)
    {
        if (users is < 1 or > UsersMax)
        {
            return new Refusal(RefusalCodes.InvalidValue, $"A sample has 1 to {UsersMax} users, but had {users}.", "/users");
        }

        if (await campaigns.Get(campaign, cancel) is not { } found
            || await ledger.Budget(campaign, cancel) is not { } use)
        {
            return new Refusal(RefusalCodes.UnknownCampaign, $"There is no campaign {campaign}.");
        }

        var now = time.GetUtcNow();
        var when = at ?? (found.Start > now ? found.Start : now);
        var (model, catalog, caps) = (replica.Current.Model, replica.Current.Catalog, replica.Current.ShopCaps);
        var offers = await campaigns.Offers(campaign, cancel);
        var index = OfferIndex.Build(model, [(found with { Status = CampaignStatus.Active }, offers)], catalog, caps);
        var subjects = new List<RankingSubject>();
        foreach (var record in await Sample(campaign, users, cancel))
        {
            subjects.Add(await Subject(record, index, cancel));
        }

        var best = subjects.Select(s => OfferRanker.Rank(index, s, campaign, 1, when, isExplained: false))
            .Where(ranked => ranked.Count > 0).Select(ranked => ranked[0]);
        return Sum(found, use, when, subjects, [.. best], index);
    }

    private static CampaignSimulation Sum(
        Campaign campaign, BudgetUse use, DateTimeOffset at, List<RankingSubject> subjects, List<RankedOffer> best,
        OfferIndex index)
    {
        var currency = campaign.Budget.Currency;
        var usual = (use.Redeemed + 1.0) / (Math.Max(use.Issued, use.Redeemed) + 2);
        SimulatedOffer[] offers = [.. best.GroupBy(ranked => ranked.Offer.Id)
            .Select(group =>
            {
                var offer = group.First().Offer;
                var cost = OfferEstimate.Typical(offer, campaign.Guardrails, index.Catalog).DiscountMinor;
                var redemptions = group.Sum(ranked => ranked.Response?.Redeem ?? usual);
                return new SimulatedOffer(
                    offer.Id, offer.Title, group.Count(), redemptions,
                    new((long)Math.Round(redemptions * cost), currency));
            })
            .OrderByDescending(offer => offer.Users).ThenBy(offer => offer.Offer)];
        return new(
            campaign.Id, at, subjects.Count,
            subjects.Count(subject => CampaignRules.Addresses(campaign.Audience, subject.Profile)), best.Count,
            offers.Sum(offer => offer.Redemptions), new(offers.Sum(offer => offer.Spend.Minor), currency), use.Left,
            offers);
    }

    /// <summary>An even sample, the same for the same campaign and users: those with the smallest hashes.</summary>
    private async Task<IReadOnlyList<UserRecord>> Sample(CampaignId campaign, int count, CancellationToken cancel)
    {
        var chosen = new PriorityQueue<UserRecord, ulong>();
        await foreach (var user in users.ReadAll(null, cancel))
        {
            chosen.Enqueue(user, ulong.MaxValue - Domain.StableHash.Of(campaign.Value, user.Id.Value));
            if (chosen.Count > count)
            {
                chosen.Dequeue();
            }
        }

        return [.. chosen.UnorderedItems.Select(item => item.Element).OrderBy(user => user.Id)];
    }

    private async Task<RankingSubject> Subject(UserRecord record, OfferIndex index, CancellationToken cancel)
    {
        var profile = index.Model is { } model
            ? new UserProfile(record, model.Weights, model.Reference)
            : new UserProfile(record, new(), time.GetUtcNow());
        IReadOnlyList<RecordedEvent> page;
        do
        {
            page = await log.ReadUser(record.Id, profile.LastSequence, Page, cancel);
            foreach (var recorded in page)
            {
                profile.Apply(recorded, recorded.Event.Item is { } item ? index.Catalog.Get(item) : null);
            }
        }
        while (page.Count == Page);

        return new(
            profile,
            index.Model is null ? null : TasteVector.Fold(profile, index.Model),
            await ledger.Wallet(record.Id, WalletMax, cancel),
            index.Model is null || !record.Consent ? null : SequenceState.Replay(index.Model, profile.Recent));
    }
}
