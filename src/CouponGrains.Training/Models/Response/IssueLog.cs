using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Models.Response;

/// <summary>A coupon that was issued, and what became of it.</summary>
/// <param name="Sequence">The place of its issue in the log.</param>
/// <param name="User">To whom.</param>
/// <param name="Offer">The offer.</param>
/// <param name="At">When.</param>
internal sealed record CouponIssue(long Sequence, UserId User, OfferId Offer, DateTimeOffset At)
{
    public bool Viewed { get; set; }

    public bool Claimed { get; set; }

    /// <summary>Redemptions in force.</summary>
    public int Uses { get; set; }

    public bool Redeemed => Uses > 0;

    public bool Expired { get; set; }

    public int? Rating { get; set; }
}

/// <summary>Gathers, while the log is streamed, the coupons issued and what became of each: by its code, or where an
/// event names none, by the newest issue of the offer to the user. The newest <see cref="Most"/> are kept.</summary>
internal sealed class IssueLog
{
    /// <summary>The most issues kept.</summary>
    public const int Most = 50_000;

    /// <summary>The rating from which a user is taken to be satisfied.</summary>
    private const int Satisfied = 4;

    private readonly Queue<(CouponIssue Issue, string? Code)> _kept = [];
    private readonly Dictionary<string, CouponIssue> _byCode = [];
    private readonly Dictionary<(UserId, OfferId), CouponIssue> _newest = [];
    private readonly HashSet<EventKind> _kinds = [];

    /// <summary>The issues kept, in the order of the log.</summary>
    public IEnumerable<CouponIssue> Issues => _kept.Select(k => k.Issue);

    /// <summary>Coupon events that name no coupon that was issued: they teach nothing.</summary>
    public long Unknown { get; private set; }

    /// <summary>Takes one event; other kinds than those of coupons are passed over, and that an offer was shown in a
    /// list.</summary>
    public void Add(RecordedEvent recorded)
    {
        var e = recorded.Event;
        if (e.Kind is < EventKind.Issued or EventKind.Exposed)
        {
            return;
        }

        _kinds.Add(e.Kind);
        if (e.Kind == EventKind.Issued)
        {
            Issue(recorded);
        }
        else if (Find(e) is { } issue)
        {
            Take(e, issue);
        }
        else
        {
            Unknown++;
        }
    }

    /// <summary>What became of an issue, by head; not a number where it cannot be known: kinds of events that the shop
    /// does not record, a rating that was not given, a coupon that may still be used. A redemption is known no sooner
    /// than that none came: otherwise the newest coupons would all be redeemed ones.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="isOver">True if its time is over even if no event says so.</param>
    public float[] Outcomes(CouponIssue issue, bool isOver)
    {
        var known = isOver || issue.Expired;
        return
        [
            Of(EventKind.CouponViewed, known, issue.Viewed || issue.Claimed || issue.Redeemed),
            Of(EventKind.Claimed, known, issue.Claimed),
            Of(EventKind.Redeemed, known, issue.Redeemed),
            known && issue is { Redeemed: true, Rating: { } rating } ? rating >= Satisfied ? 1 : 0 : float.NaN,
        ];
    }

    private float Of(EventKind kind, bool known, bool happened) =>
        !known || !_kinds.Contains(kind) ? float.NaN : happened ? 1 : 0;

    private void Issue(RecordedEvent recorded)
    {
        var e = recorded.Event;
        if (e.Offer is not { } offer)
        {
            Unknown++;
            return;
        }

        var issue = new CouponIssue(recorded.Sequence, e.User, offer, e.At);
        _kept.Enqueue((issue, e.CouponCode));
        _newest[(e.User, offer)] = issue;
        if (e.CouponCode is { } code)
        {
            _byCode[code] = issue;
        }

        if (_kept.Count > Most)
        {
            Forget(_kept.Dequeue());
        }
    }

    private void Forget((CouponIssue Issue, string? Code) oldest)
    {
        if (oldest.Code is { } code)
        {
            _byCode.Remove(code);
        }

        var key = (oldest.Issue.User, oldest.Issue.Offer);
        if (ReferenceEquals(_newest.GetValueOrDefault(key), oldest.Issue))
        {
            _newest.Remove(key);
        }
    }

    private CouponIssue? Find(UserEvent e) =>
        e.CouponCode is { } code ? _byCode.GetValueOrDefault(code)
        : e.Offer is { } offer ? _newest.GetValueOrDefault((e.User, offer)) : null;

    private static void Take(UserEvent e, CouponIssue issue)
    {
        switch (e.Kind)
        {
            case EventKind.CouponViewed:
                issue.Viewed = true;
                break;
            case EventKind.Claimed:
                issue.Claimed = true;
                break;
            case EventKind.Redeemed:
                issue.Uses++;
                break;
            case EventKind.RolledBack:
                issue.Uses = Math.Max(0, issue.Uses - 1);
                break;
            case EventKind.Expired:
                issue.Expired = true;
                break;
            case EventKind.Rated:
                issue.Rating = e.Rating;
                break;
            default:
                break;
        }
    }
}
