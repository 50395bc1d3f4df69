using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models;

/// <summary>The decayed sums of <see cref="BehaviourWeights"/> for pairs of user and item, gathered event by event in
/// any order.</summary>
/// <remarks>Sums are seen from an instant A, not from the newest event T, which nobody knows before the end:
/// <c>Σ w·2^{(t − T)/H} = 2^{(A − T)/H} · Σ w·2^{(t − A)/H}</c>, one factor for all of them. A begins at the first
/// event and follows the newest by whole half-lives when that is more than 32 of them ahead, so that no sum leaves the
/// range of float; scaling by powers of two costs no digit. An event 90 half-lives or more before the newest may
/// vanish; its entry would not tell from 0.</remarks>
internal sealed class DecayedSums(TimeSpan halfLife)
{
    private const double AheadMax = 32;

    private long _first;
    private double _shift; // A = first event + shift · H, a whole number.

    /// <summary>Σ w·2^{(t − A)/H}.</summary>
    public PairSums Pairs { get; } = new();

    /// <summary>T, in UTC ticks; the least number before the first event.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>Takes one event in.</summary>
    public void Add(int user, int item, double weight, long ticks)
    {
        if (Newest == long.MinValue)
        {
            _first = ticks;
        }

        Newest = Math.Max(Newest, ticks);
        var halfLives = HalfLivesTo(ticks);
        if (halfLives > AheadMax)
        {
            var step = Math.Floor(halfLives);
            Pairs.Scale((float)double.Exp2(-step));
            _shift += step;
            halfLives -= step;
        }

        Pairs.Add(user, item, (float)(weight * double.Exp2(halfLives)));
    }

    /// <summary>By what the sums are multiplied to be seen from <paramref name="ticks"/>, which is not before
    /// <see cref="Newest"/>.</summary>
    public double FactorTo(long ticks) => Newest == long.MinValue ? 0 : double.Exp2(-HalfLivesTo(ticks));

    private double HalfLivesTo(long ticks) => ((ticks - _first) / (double)halfLife.Ticks) - _shift;
}
