using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Training.Models.Response;

/// <summary>One coupon that a user was offered, and what became of it.</summary>
/// <param name="Coupon">The coupon alone, shape (coupon); shared among the users that it was offered to.</param>
/// <param name="Pair">The coupon for this user, shape (pair).</param>
/// <param name="Outcomes">1 or 0 for each of <see cref="ResponseHead"/>, or not a number where it is not known.</param>
/// <param name="Weight">How many offers it stands for.</param>
public readonly record struct ResponseCandidate(float[] Coupon, float[] Pair, float[] Outcomes, float Weight = 1)
{
    /// <summary>True if it was redeemed.</summary>
    public bool IsRedeemed => Outcomes[(int)ResponseHead.Redeem] == 1;

    /// <summary>Outcomes of which only the redemption is known.</summary>
    public static float[] Redemption(bool redeemed) => [float.NaN, float.NaN, redeemed ? 1 : 0, float.NaN];
}

/// <summary>A user at one moment with the coupons that he was offered then.</summary>
/// <param name="At">The moment: nothing in the features may be from then on.</param>
/// <param name="User">The user and the moment, shape (user).</param>
/// <param name="Events">His newest events before it, oldest first, shape (events, E); empty without any.</param>
/// <param name="Candidates">The coupons.</param>
public sealed record ResponseContext(DateTimeOffset At, float[] User, float[] Events, IReadOnlyList<ResponseCandidate> Candidates)
{
    /// <summary>True if he redeemed one of them.</summary>
    public bool HasRedeemed => Candidates.Any(c => c.IsRedeemed);
}

/// <summary>What a response model is trained on.</summary>
public static class ResponseExamples
{
    /// <summary>The contexts of users who redeemed nothing are most of all: of them every so many is kept, with its
    /// weight raised by as much, and so many coupons of each, so that the weighted sums stay what they were in the
    /// mean.</summary>
    public static IReadOnlyList<ResponseContext> Thin(
        IReadOnlyList<ResponseContext> contexts, int keptCandidates, double keptShare, Random random)
    {
        var thinned = new List<ResponseContext>();
        foreach (var context in contexts)
        {
            if (context.HasRedeemed)
            {
                thinned.Add(context);
            }
            else if (keptShare >= 1 || random.NextDouble() < keptShare)
            {
                var all = context.Candidates;
                var places = Enumerable.Range(0, all.Count).ToArray();
                random.Shuffle(places);
                var kept = places.Take(keptCandidates).Order().ToArray();
                var factor = (float)(all.Count / (Math.Max(1, kept.Length) * Math.Min(1, keptShare)));
                thinned.Add(context with { Candidates = [.. kept.Select(i => all[i] with { Weight = all[i].Weight * factor })] });
            }
        }

        return thinned;
    }

    /// <summary>Parts contexts by time: the newest ones, at least <paramref name="share"/> of those with a redemption,
    /// are to validate on. What happened at one moment stays together; if all did, the parts are drawn.</summary>
    public static (IReadOnlyList<ResponseContext> Train, IReadOnlyList<ResponseContext> Validation) Part(
        IReadOnlyList<ResponseContext> contexts, double share, Random random)
    {
        var ordered = contexts.OrderBy(c => c.At).ToList();
        var needed = Math.Max(1, share * ordered.Count(c => c.HasRedeemed));
        var (cut, seen) = (ordered.Count, 0);
        while (cut > 0 && (seen < needed || (cut < ordered.Count && ordered[cut].At == ordered[cut - 1].At)))
        {
            seen += ordered[--cut].HasRedeemed ? 1 : 0;
        }

        if (cut > 0 && ordered.Take(cut).Any(c => c.HasRedeemed))
        {
            return (ordered[..cut], ordered[cut..]);
        }

        var drawn = ordered.ToLookup(_ => random.NextDouble() < share);
        return ([.. drawn[false]], [.. drawn[true]]);
    }
}
