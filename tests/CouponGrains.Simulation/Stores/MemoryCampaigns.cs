using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Simulation.Stores;

/// <summary>The campaigns of one offline run, in memory.</summary>
public sealed class MemoryCampaigns : ICampaignStore
{
    private readonly SortedDictionary<CampaignId, Campaign> _campaigns = [];
    private readonly SortedDictionary<OfferId, Offer> _offers = [];
    private readonly HashSet<OfferId> _withdrawn = [];
    private readonly SortedDictionary<OfferId, OfferReview> _reviews = [];
    private long _stamp;

    /// <inheritdoc/>
    public Task<bool> Put(Campaign campaign, CancellationToken cancel, AuditEntry? audit = null)
    {
        if ((_campaigns.GetValueOrDefault(campaign.Id)?.Revision ?? 0) != campaign.Revision - 1)
        {
            return Task.FromResult(false);
        }

        _campaigns[campaign.Id] = campaign;
        _stamp++;
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<Campaign?> Get(CampaignId id, CancellationToken cancel) => Task.FromResult(_campaigns.GetValueOrDefault(id));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Campaign>> List(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Campaign>>([.. _campaigns.Values]);

    /// <inheritdoc/>
    public Task<int> AddOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null)
    {
        _stamp++;
        return Task.FromResult(offers.Count(o => _offers.TryAdd(o.Id, o)));
    }

    /// <inheritdoc/>
    public Task<int> HoldOffers(IReadOnlyList<Offer> offers, CancellationToken cancel, AuditEntry? audit = null)
    {
        foreach (var offer in offers.Where(o => !_offers.ContainsKey(o.Id)))
        {
            _reviews[offer.Id] = new(offer, ReviewStatus.Waiting, null, "");
        }

        return AddOffers(offers, cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OfferReview>> Reviews(CampaignId campaign, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<OfferReview>>([.. _reviews.Values.Where(r => r.Offer.Campaign == campaign)]);

    /// <inheritdoc/>
    public Task<bool> Decide(
        OfferId id, bool approved, string note, DateTimeOffset at, CancellationToken cancel, AuditEntry? audit = null)
    {
        if (_reviews.GetValueOrDefault(id) is not { Status: ReviewStatus.Waiting } review)
        {
            return Task.FromResult(false);
        }

        var status = approved ? ReviewStatus.Approved : ReviewStatus.Rejected;
        _reviews[id] = review with { Status = status, At = at, Note = note };
        _stamp++;
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<bool> WithdrawOffer(OfferId id, CancellationToken cancel, AuditEntry? audit = null)
    {
        if (!_offers.ContainsKey(id))
        {
            return Task.FromResult(false);
        }

        _withdrawn.Add(id);
        _stamp++;
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<Offer?> GetOffer(OfferId id, CancellationToken cancel) => Task.FromResult(_offers.GetValueOrDefault(id));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Offer>> Offers(CampaignId campaign, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Offer>>([.. _offers.Values.Where(o => o.Campaign == campaign && !_withdrawn.Contains(o.Id)
            && _reviews.GetValueOrDefault(o.Id) is null or { Status: ReviewStatus.Approved })]);

    /// <inheritdoc/>
    public Task<long> Stamp(CancellationToken cancel) => Task.FromResult(_stamp);
}
