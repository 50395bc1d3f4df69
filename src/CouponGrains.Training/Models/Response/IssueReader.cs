using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models.Response;

/// <summary>Makes examples of issues while the log is streamed: the features of each are taken at its issue, from the
/// user's profile of the events recorded before it that had happened by then.</summary>
internal sealed class IssueReader
{
    private readonly IssueLog _issues;
    private readonly IssueIndex _at;
    private readonly ModelSnapshot _described;
    private readonly IReadOnlyList<string> _vocabulary;
    private readonly IReadOnlyDictionary<UserId, UserRecord> _records;
    private readonly BehaviourWeights _weights;
    private readonly Dictionary<long, CouponIssue> _waiting;
    private readonly HashSet<UserId> _users;
    private readonly Dictionary<UserId, UserProfile> _profiles = [];
    private readonly Dictionary<OfferId, int> _places;
    private readonly PairFeatures _pairs;
    private readonly float[][] _coupons;
    private readonly List<(ResponseContext Context, IReadOnlyList<UserEvent> Recent, int Orders, OfferKind Kind)> _taken = [];

    public IssueReader(
        IssueLog issues, IssueIndex at, ModelSnapshot described, IReadOnlyList<string> vocabulary,
        IReadOnlyDictionary<UserId, UserRecord> records, BehaviourWeights weights)
    {
        (_issues, _at, _described, _vocabulary, _records, _weights) = (issues, at, described, vocabulary, records, weights);
        _waiting = issues.Issues.Where(e => e.At >= at.Cut).ToDictionary(e => e.Sequence);
        _users = [.. _waiting.Values.Select(e => e.User)];
        var (index, rank) = (at.Index, described.Factors.Rank);
        _places = index.Offers.Select((o, i) => (o.Id, i)).ToDictionary(p => p.Id, p => p.i);
        _pairs = new(index);
        _coupons = [.. index.Offers.Select((offer, i) =>
        {
            var c = new float[CouponFeatures.Width(rank)];
            var embedding = CouponVector.Of(offer, index.Catalog, described.Factors).Embed(described);
            CouponFeatures.Fill(offer, index.Campaigns[offer.Campaign], embedding, _pairs.FactsOf(i), c);
            return c;
        })];
    }

    /// <summary>Takes the events in the order of the log.</summary>
    public void Add(RecordedEvent recorded)
    {
        var e = recorded.Event;
        if (!_users.Contains(e.User))
        {
            return;
        }

        if (!_profiles.TryGetValue(e.User, out var profile))
        {
            var record = _records.GetValueOrDefault(e.User) ?? new() { Id = e.User };
            _profiles[e.User] = profile = new(record, _weights, _at.Cut);
        }

        if (_waiting.TryGetValue(recorded.Sequence, out var issue) && _places.TryGetValue(issue.Offer, out var place)
            && profile.Record.Consent)
        {
            Take(issue, place, profile);
        }

        profile.Apply(recorded, e.Item is { } item ? _at.Index.Catalog.Get(item) : null);
    }

    /// <summary>The examples, and the base rates of their segments.</summary>
    /// <param name="withEvents">True fills in what an encoder reads.</param>
    public (IReadOnlyList<ResponseContext> Contexts, ResponsePrior Prior) Take(bool withEvents) => (
        [.. _taken.Select(t => withEvents ? t.Context with { Events = Events(t.Recent) } : t.Context)],
        ResponsePrior.Of(_taken.Select(t => (t.Orders, t.Kind, t.Context.Candidates[0].Outcomes))));

    private void Take(CouponIssue issue, int place, UserProfile profile)
    {
        var offer = _at.Index.Offers[place];
        var expiry = IssueRules.ExpiryOf(offer, _at.Index.Campaigns[offer.Campaign], issue.At);
        var outcomes = _issues.Outcomes(issue, expiry < _at.Newest);
        if (outcomes.All(float.IsNaN))
        {
            return;
        }

        var (p, z) = (new float[UserFeatures.Width(_vocabulary)], new float[PairFeatures.Width]);
        UserFeatures.Fill(profile, _vocabulary, issue.At, p);
        _pairs.Fill(profile, TasteVector.Fold(profile, _at.Index.Model!), [place], issue.At, z);
        _taken.Add((new(issue.At, p, [], [new(_coupons[place], z, outcomes)]), [.. profile.Recent], profile.Orders, offer.Kind));
    }

    private float[] Events(IReadOnlyList<UserEvent> events)
    {
        var width = EventFeatures.Width(_described.Factors.Rank);
        var x = new float[events.Count * width];
        for (var i = 0; i < events.Count; i++)
        {
            var row = events[i].Item is { } item ? _described.Factors.RowOf(item) : -1;
            EventFeatures.Fill(
                events[i], i == 0 ? null : events[i - 1].At, row < 0 ? [] : _described.Factors.Row(row), x.AsSpan(i * width, width));
        }

        return x;
    }
}
