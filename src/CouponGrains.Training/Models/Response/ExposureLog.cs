using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Training.Models.Response;

/// <summary>A coupon that was issued, and what became of it.</summary>
/// <param name="Sequence">The place of its issue in the log.</param>
/// <param name="User">To whom.</param>
/// <param name="Offer">The offer.</param>
/// <param name="At">When.</param>
internal sealed record Exposure(long Sequence, UserId User, OfferId Offer, DateTimeOffset At)
{
    public bool Viewed { get; set; }

    public bool Claimed { get; set; }

    public bool Redeemed { get; set; }

    public bool Expired { get; set; }

    public int? Rating { get; set; }
}

/// <summary>Gathers, while the log is streamed, the coupons issued and what became of each: by its code, or where an event
/// names none, by the newest issue of the offer to the user. The newest <see cref="Most"/> are kept.</summary>
internal sealed class ExposureLog
{
    /// <summary>The most exposures kept.</summary>
    public const int Most = 50_000;

    /// <summary>The rating from which a user is taken to be satisfied.</summary>
    private const int Satisfied = 4;

    private readonly Queue<(Exposure Exposure, string? Code)> _kept = [];
    private readonly Dictionary<string, Exposure> _byCode = [];
    private readonly Dictionary<(UserId, OfferId), Exposure> _newest = [];
    private readonly HashSet<EventKind> _kinds = [];

    /// <summary>The exposures kept, in the order of the log.</summary>
    public IEnumerable<Exposure> Exposures => _kept.Select(k => k.Exposure);

    /// <summary>Coupon events that name no coupon that was issued: they teach nothing.</summary>
    public long Unknown { get; private set; }

    /// <summary>Takes one event; other kinds than those of coupons are passed over.</summary>
    public void Add(RecordedEvent recorded)
    {
        var e = recorded.Event;
        if (e.Kind < EventKind.Issued)
        {
            return;
        }

        _kinds.Add(e.Kind);
        if (e.Kind == EventKind.Issued)
        {
            Issue(recorded);
        }
        else if (Find(e) is { } exposure)
        {
            Take(e, exposure);
        }
        else
        {
            Unknown++;
        }
    }

    /// <summary>What became of an exposure, by head; not a number where it cannot be known: kinds of events that the shop does
    /// not record, a rating that was not given, a coupon that may still be used.</summary>
    /// <param name="exposure">The exposure.</param>
    /// <param name="isOver">True if its time is over even if no event says so.</param>
    public float[] Outcomes(Exposure exposure, bool isOver)
    {
        var known = isOver || exposure.Redeemed || exposure.Expired;
        return
        [
            Of(EventKind.CouponViewed, known, exposure.Viewed || exposure.Claimed || exposure.Redeemed),
            Of(EventKind.Claimed, known, exposure.Claimed),
            Of(EventKind.Redeemed, known, exposure.Redeemed),
            exposure is { Redeemed: true, Rating: { } rating } ? rating >= Satisfied ? 1 : 0 : float.NaN,
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

        var exposure = new Exposure(recorded.Sequence, e.User, offer, e.At);
        _kept.Enqueue((exposure, e.CouponCode));
        _newest[(e.User, offer)] = exposure;
        if (e.CouponCode is { } code)
        {
            _byCode[code] = exposure;
        }

        if (_kept.Count > Most)
        {
            Forget(_kept.Dequeue());
        }
    }

    private void Forget((Exposure Exposure, string? Code) oldest)
    {
        if (oldest.Code is { } code)
        {
            _byCode.Remove(code);
        }

        var key = (oldest.Exposure.User, oldest.Exposure.Offer);
        if (ReferenceEquals(_newest.GetValueOrDefault(key), oldest.Exposure))
        {
            _newest.Remove(key);
        }
    }

    private Exposure? Find(UserEvent e) =>
        e.CouponCode is { } code && _byCode.TryGetValue(code, out var exposure) ? exposure
        : e.Offer is { } offer ? _newest.GetValueOrDefault((e.User, offer)) : null;

    private static void Take(UserEvent e, Exposure exposure)
    {
        switch (e.Kind)
        {
            case EventKind.CouponViewed:
                exposure.Viewed = true;
                break;
            case EventKind.Claimed:
                exposure.Claimed = true;
                break;
            case EventKind.Redeemed:
                exposure.Redeemed = true;
                break;
            case EventKind.RolledBack:
                exposure.Redeemed = false;
                break;
            case EventKind.Expired:
                exposure.Expired = true;
                break;
            case EventKind.Rated:
                exposure.Rating = e.Rating;
                break;
            default:
                break;
        }
    }
}
