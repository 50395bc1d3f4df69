using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Profiles;

/// <summary>How strongly an event tells the user's taste for its item. The trainer builds the behaviour matrix with it
/// and user grains fold their history in with the same one, so it travels inside the model.</summary>
/// <remarks>The entry of user u and item i is <c>r = ln(1 + Σ_e w(kind_e) · 2^{(t_e − T)/H})</c> over his
/// events e on i, where T is the model's reference time and H the half-life. Taking T from the model rather than from
/// the clock makes one more event an O(k) update: nothing else in the sum moves. A refund is subtracted; the sum is
/// floored at 0. The kinds that must name an item have a weight; a search names words, so it has none.</remarks>
public sealed record BehaviourWeights
{
    /// <summary>Weight of a view.</summary>
    public double View { get; init; } = 0.2;

    /// <summary>Weight of putting into the cart.</summary>
    public double Cart { get; init; } = 0.5;

    /// <summary>Weight of a purchase.</summary>
    public double Purchase { get; init; } = 1.0;

    /// <summary>What a refund takes away; 1, the weight of a purchase, takes back one purchase of the same
    /// time.</summary>
    public double Refund { get; init; } = 1.0;

    /// <summary>Half-life of an event's weight; default 180 days.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(180);

    /// <summary>The signed weight of one event before decay; 0 for kinds that say nothing of an item.</summary>
    public double Of(EventKind kind) => kind switch
    {
        EventKind.View => View,
        EventKind.Cart => Cart,
        EventKind.Purchase => Purchase,
        EventKind.Refund => -Refund,
        _ => 0,
    };

    /// <summary>The decay factor of an event at <paramref name="at"/> seen from the reference time
    /// <paramref name="reference"/>: 1 at the reference, ½ one half-life before it, 2 one half-life after it. Clamped
    /// to 2^±30 so that no history overflows.</summary>
    public double Decay(DateTimeOffset at, DateTimeOffset reference) =>
        double.Exp2(Math.Clamp((at - reference) / HalfLife, -30, 30));

    /// <summary>By what a decayed sum seen from <paramref name="from"/> is multiplied to be seen from
    /// <paramref name="to"/>.</summary>
    public double RebaseFactor(DateTimeOffset from, DateTimeOffset to) => double.Exp2((from - to) / HalfLife);

    /// <summary>The matrix entry for a decayed sum: <c>ln(1 + max(0, sum))</c>.</summary>
    public static float Entry(double decayedSum) => decayedSum > 0 ? (float)Math.Log(1 + decayedSum) : 0f;
}
