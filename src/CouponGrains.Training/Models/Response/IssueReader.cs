using CouponGrains.Domain;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models.Response;

/// <summary>In whose terms examples are told.</summary>
/// <param name="Items">What the items are like.</param>
/// <param name="Vocabulary">The words for what users are like.</param>
/// <param name="WithEvents">True fills in what an encoder reads.</param>
internal sealed record IssueTerms(ModelSnapshot Items, IReadOnlyList<string> Vocabulary, bool WithEvents);

/// <summary>An issue with what was known when it was made, and what became of it.</summary>
/// <param name="At">When.</param>
/// <param name="Place">The offer's place in the index.</param>
/// <param name="Kind">The offer's kind.</param>
/// <param name="Orders">The user's orders by then.</param>
/// <param name="Recent">His newest events by then.</param>
/// <param name="Users">The user in each of the terms, shape (user).</param>
/// <param name="Pair">The coupon for him, shape (pair).</param>
/// <param name="Outcomes">By head.</param>
internal sealed record IssueExample(
    DateTimeOffset At, int Place, OfferKind Kind, int Orders, IReadOnlyList<UserEvent> Recent,
    IReadOnlyList<float[]> Users, float[] Pair, float[] Outcomes);

/// <summary>Makes examples of issues while the log is streamed: the features of each are taken at its issue, from the
/// user's profile of the events recorded before it that had happened by then.</summary>
/// <remarks>A log may hold events before an issue that happened after it: of a clock that is ahead, or of a history
/// that was taken in file by file. They wait until an issue comes that they happened before.</remarks>
internal sealed class IssueReader
{
    private readonly IssueLog _issues;
    private readonly IssueIndex _at;
    private readonly IReadOnlyList<IssueTerms> _terms;
    private readonly IReadOnlyDictionary<UserId, UserRecord> _records;
    private readonly BehaviourWeights _weights;
    private readonly Dictionary<long, CouponIssue> _waiting;
    private readonly HashSet<UserId> _users;
    private readonly Dictionary<UserId, Past> _pasts = [];
    private readonly Dictionary<OfferId, int> _places;
    private readonly PairFeatures _pairs;
    private readonly List<IssueExample> _taken = [];

    public IssueReader(
        IssueLog issues, IssueIndex at, IReadOnlyList<IssueTerms> terms,
        IReadOnlyDictionary<UserId, UserRecord> records, BehaviourWeights weights)
    {
        (_issues, _at, _terms, _records, _weights) = (issues, at, terms, records, weights);
        _waiting = issues.Issues.Where(e => e.At >= at.Cut).ToDictionary(e => e.Sequence);
        _users = [.. _waiting.Values.Select(e => e.User)];
        _places = at.Index.Offers.Select((o, i) => (o.Id, i)).ToDictionary(p => p.Id, p => p.i);
        _pairs = new(at.Index);
    }

    /// <summary>In how many terms examples are told.</summary>
    public int Terms => _terms.Count;

    /// <summary>The examples so far.</summary>
    public IReadOnlyList<IssueExample> Examples => _taken;

    /// <summary>Takes the events in the order of the log.</summary>
    public void Add(RecordedEvent recorded)
    {
        var e = recorded.Event;
        if (!_users.Contains(e.User))
        {
            return;
        }

        if (!_pasts.TryGetValue(e.User, out var past))
        {
            var record = _records.GetValueOrDefault(e.User) ?? new() { Id = e.User };
            _pasts[e.User] = past = new(new(record, _weights, _at.Cut));
        }

        if (_waiting.TryGetValue(recorded.Sequence, out var issue) && _places.TryGetValue(issue.Offer, out var place)
            && past.Profile.Record.Consent && past.GoTo(issue.At, _at.Index.Catalog))
        {
            Take(issue, place, past.Profile);
        }

        past.Waiting.Enqueue(e, (e.At, recorded.Sequence));
    }

    /// <summary>Examples as they are trained on, in the terms of this number.</summary>
    public IReadOnlyList<ResponseContext> Contexts(IReadOnlyList<IssueExample> examples, int terms)
    {
        var coupons = Coupons(_terms[terms].Items);
        return [.. examples.Select(e => new ResponseContext(
            e.At, e.Users[terms], _terms[terms].WithEvents ? Events(e.Recent, _terms[terms].Items.Factors) : [],
            [new(coupons[e.Place], e.Pair, e.Outcomes)]))];
    }

    private float[][] Coupons(ModelSnapshot items) => [.. _at.Index.Offers.Select((offer, i) =>
    {
        var c = new float[CouponFeatures.Width(items.Factors.Rank)];
        var embedding = CouponVector.Of(offer, _at.Index.Catalog, items.Factors).Embed(items);
        CouponFeatures.Fill(offer, _at.Index.Campaigns[offer.Campaign], embedding, _pairs.FactsOf(i), c);
        return c;
    })];

    private void Take(CouponIssue issue, int place, UserProfile profile)
    {
        var offer = _at.Index.Offers[place];
        var expiry = IssueRules.ExpiryOf(offer, _at.Index.Campaigns[offer.Campaign], issue.At);
        var outcomes = _issues.Outcomes(issue, expiry < _at.Newest);
        if (outcomes.All(float.IsNaN))
        {
            return;
        }

        var pair = new float[PairFeatures.Width];
        _pairs.Fill(profile, TasteVector.Fold(profile, _at.Index.Model!), [place], issue.At, pair);
        _taken.Add(new(issue.At, place, offer.Kind, profile.Orders, [.. profile.Recent], [.. _terms.Select(t =>
        {
            var user = new float[UserFeatures.Width(t.Vocabulary)];
            UserFeatures.Fill(profile, t.Vocabulary, issue.At, user);
            return user;
        })], pair, outcomes));
    }

    private static float[] Events(IReadOnlyList<UserEvent> events, ItemFactors factors)
    {
        var width = EventFeatures.Width(factors.Rank);
        var x = new float[events.Count * width];
        for (var i = 0; i < events.Count; i++)
        {
            var row = events[i].Item is { } item ? factors.RowOf(item) : -1;
            EventFeatures.Fill(
                events[i], i == 0 ? null : events[i - 1].At, row < 0 ? [] : factors.Row(row),
                x.AsSpan(i * width, width));
        }

        return x;
    }

    /// <summary>A user by the events before a moment that moves on.</summary>
    private sealed class Past(UserProfile profile)
    {
        private DateTimeOffset _newest = DateTimeOffset.MinValue;

        public UserProfile Profile => profile;

        /// <summary>Events that have been read but are not in.</summary>
        public PriorityQueue<UserEvent, (DateTimeOffset At, long Sequence)> Waiting { get; } = new();

        /// <summary>Takes in what happened before the moment; false if more is in already: issues that are not in the
        /// order of their time.</summary>
        public bool GoTo(DateTimeOffset moment, CatalogIndex catalog)
        {
            while (Waiting.TryPeek(out var e, out var at) && at.At < moment)
            {
                Waiting.Dequeue();
                profile.Apply(new(profile.LastSequence + 1, e), e.Item is { } item ? catalog.Get(item) : null);
                _newest = e.At > _newest ? e.At : _newest;
            }

            return _newest < moment;
        }
    }
}
