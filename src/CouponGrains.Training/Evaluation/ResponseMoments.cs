using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;
using CouponGrains.Training.Models;
using CouponGrains.Training.Models.Response;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Training.Evaluation;

/// <summary>A campaign as it was at its start: the model of the events before it, and each user who was offered its
/// coupons with what was known of him.</summary>
/// <param name="Past">The campaign.</param>
/// <param name="Snapshot">Fitted on the events before its start.</param>
/// <param name="Offers">Its coupons, in the order of their ids.</param>
/// <param name="Facts">What each covers.</param>
/// <param name="Users">The users.</param>
internal sealed record CampaignMoment(
    PastOffers Past, ModelSnapshot Snapshot, IReadOnlyList<Offer> Offers, ScopeFacts[] Facts, IReadOnlyList<UserMoment> Users)
{
    /// <summary>Its examples for a model whose item factors are those of <paramref name="described"/>: factors only
    /// tell what an item is like, and have to be those that the model is served with.</summary>
    public IReadOnlyList<ResponseContext> Contexts(ModelSnapshot described, Domain.Catalog.CatalogIndex catalog, bool withEvents)
    {
        var coupons = Offers.Select((offer, i) =>
        {
            var c = new float[CouponFeatures.Width(described.Factors.Rank)];
            var embedding = CouponVector.Of(offer, catalog, described.Factors).Embed(described);
            CouponFeatures.Fill(offer, Past.Campaign, embedding, Facts[i], c);
            return c;
        }).ToList();
        return [.. Users.Select(u => new ResponseContext(
            Past.Campaign.Start, u.Features, withEvents ? Events(u.Recent, described.Factors) : [],
            [.. coupons.Select((c, i) => new ResponseCandidate(
                c, u.Pairs.AsSpan(i * PairFeatures.Width, PairFeatures.Width).ToArray(), ResponseCandidate.Redemption(u.Redeemed[i])))]))];
    }

    private static float[] Events(IReadOnlyList<UserEvent> events, ItemFactors factors)
    {
        var width = EventFeatures.Width(factors.Rank);
        var x = new float[events.Count * width];
        for (var i = 0; i < events.Count; i++)
        {
            var row = events[i].Item is { } item ? factors.RowOf(item) : -1;
            EventFeatures.Fill(events[i], i == 0 ? null : events[i - 1].At, row < 0 ? [] : factors.Row(row), x.AsSpan(i * width, width));
        }

        return x;
    }
}

/// <summary>What was known of a user at a campaign's start, and what he then redeemed.</summary>
/// <param name="User">Who.</param>
/// <param name="Features">p.</param>
/// <param name="Recent">His newest events.</param>
/// <param name="Pairs">z of each coupon, row by row.</param>
/// <param name="Redeemed">For each coupon.</param>
internal sealed record UserMoment(UserId User, float[] Features, IReadOnlyList<UserEvent> Recent, float[] Pairs, bool[] Redeemed);

/// <summary>Goes through the campaigns by their start and keeps what was known at each.</summary>
internal sealed class ResponseMoments(ResponseHistory history, int seed)
{
    private readonly Dictionary<UserId, UserProfile> _profiles = [];
    private readonly Dictionary<UserId, UserRecord> _records = history.Users.ToDictionary(u => u.Id);
    private readonly UserEvent[] _events = [.. history.Events.OrderBy(e => e.At).ThenBy(e => e.Id.Value, StringComparer.Ordinal)];
    private readonly BehaviourTrace _trace = new();
    private int _next;

    /// <summary>The campaigns before whose start something was bought, in the order of their starts.</summary>
    public IEnumerable<CampaignMoment> Read(IReadOnlyList<string> vocabulary, CancellationToken cancel)
    {
        foreach (var past in history.Campaigns.OrderBy(c => c.Campaign.Start).ThenBy(c => c.Campaign.Id))
        {
            cancel.ThrowIfCancellationRequested();
            Advance(past.Campaign.Start);
            if (past.Offers.Count > 0 && past.Users.Count > 0 && Fit(past.Campaign.Start, cancel) is { } snapshot)
            {
                yield return MomentOf(past, snapshot, vocabulary);
            }
        }
    }

    private void Advance(DateTimeOffset until)
    {
        for (; _next < _events.Length && _events[_next].At < until; _next++)
        {
            var e = _events[_next];
            _trace.Add(e);
            ProfileOf(e.User).Apply(new(_next + 1, e), e.Item is { } item ? history.Catalog.Get(item) : null);
        }
    }

    private UserProfile ProfileOf(UserId user)
    {
        if (!_profiles.TryGetValue(user, out var profile))
        {
            _profiles[user] = profile = new(_records.GetValueOrDefault(user) ?? new() { Id = user }, new(), DateTimeOffset.UnixEpoch.AddYears(40));
        }

        return profile;
    }

    private ModelSnapshot? Fit(DateTimeOffset start, CancellationToken cancel)
    {
        if (_trace.Count == 0)
        {
            return null;
        }

        var matrix = _trace.Matrix(new(), start.AddTicks(-1));
        if (matrix.Users.Count < 2 || matrix.Items.Count < 2)
        {
            return null;
        }

        var options = new TrainingOptions { Seed = seed };
        var training = new SpectralTraining(options, TimeProvider.System, NullLogger.Instance, ITrainingWatch.None);
        return training.Fit(matrix, new(options.Spectral with { Rank = options.Rank }, false, new(0, 0, 0, 0, 0)), null, cancel).Model;
    }

    private CampaignMoment MomentOf(PastOffers past, ModelSnapshot snapshot, IReadOnlyList<string> vocabulary)
    {
        var now = past.Campaign.Start;
        var index = OfferIndex.Build(
            snapshot, [(past.Campaign with { Status = CampaignStatus.Active }, past.Offers)], history.Catalog);
        var pairs = new PairFeatures(index);
        var all = Enumerable.Range(0, index.Offers.Count).ToArray();
        var users = past.Users.Order().Select(user =>
        {
            var profile = ProfileOf(user);
            var (p, z) = (new float[UserFeatures.Width(vocabulary)], new float[all.Length * PairFeatures.Width]);
            UserFeatures.Fill(profile, vocabulary, now, p);
            pairs.Fill(profile, TasteVector.Fold(profile, snapshot), all, now, z);
            var redeemed = past.Redeemed.GetValueOrDefault(user);
            return new UserMoment(user, p, [.. profile.Recent], z, [.. index.Offers.Select(o => redeemed?.Contains(o.Id) ?? false)]);
        });
        return new(past, snapshot, index.Offers, [.. all.Select(pairs.FactsOf)], [.. users]);
    }
}
