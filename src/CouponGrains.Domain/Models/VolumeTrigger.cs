using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Models;

/// <summary>How much that is new starts a training run; whichever comes first.</summary>
/// <param name="Events">Events of users' behaviour, 0 for never.</param>
/// <param name="Outcomes">Coupons redeemed, run out or rated, 0 for never.</param>
public sealed record VolumeTrigger(long Events, long Outcomes)
{
    /// <summary>Never.</summary>
    public static VolumeTrigger Off { get; } = new(0, 0);

    /// <summary>True if it can start a run.</summary>
    public bool IsOn => Events > 0 || Outcomes > 0;

    /// <summary>The refusal of a trigger that is negative, or null.</summary>
    public Refusal? Check() => Events < 0 || Outcomes < 0
        ? new(RefusalCodes.InvalidValue, "A volume is 0 or more.", Events < 0 ? "/events" : "/outcomes")
        : null;

    /// <summary>True once so much is new.</summary>
    public bool IsReached(NewVolume volume) =>
        (Events > 0 && volume.Events >= Events) || (Outcomes > 0 && volume.Outcomes >= Outcomes);
}

/// <summary>What has come into the log since a training run began.</summary>
/// <param name="Sequence">The place in the log up to which it was counted.</param>
/// <param name="Events">Events of users' behaviour.</param>
/// <param name="Outcomes">Coupons redeemed, run out or rated.</param>
public readonly record struct NewVolume(long Sequence, long Events, long Outcomes)
{
    /// <summary>With one more event; what is shown, issued, viewed or claimed is neither behaviour nor an
    /// outcome.</summary>
    public NewVolume With(RecordedEvent recorded) => new(
        recorded.Sequence,
        Events + (recorded.Event.Kind < EventKind.Issued ? 1 : 0),
        Outcomes + (recorded.Event.Kind is EventKind.Redeemed or EventKind.Expired or EventKind.Rated ? 1 : 0));
}
