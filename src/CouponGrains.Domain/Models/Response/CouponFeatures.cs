using System.Numerics.Tensors;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a coupon alone: how much of the shop it covers, how deep and how long it is,
/// its kind, and the direction of its embedding.</summary>
public static class CouponFeatures
{
    private const int Kinds = 9;
    private const int Others = 9;
    private const double Rare = 1e-5;

    /// <summary>How many numbers there are for item factors of <paramref name="rank"/> numbers.</summary>
    public static int Width(int rank) => Others + Kinds + rank;

    /// <summary>Fills them in, shape (coupon).</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="campaign">Its campaign.</param>
    /// <param name="embedding">e_c, shape (k).</param>
    /// <param name="facts">What its scope is made of.</param>
    /// <param name="c">The features.</param>
    public static void Fill(
        Offer offer, Campaign campaign, ReadOnlySpan<float> embedding, ScopeFacts facts, Span<float> c)
    {
        c.Clear();
        c[0] = (float)Math.Log(facts.ValueShare + Rare);
        c[1] = (float)Math.Log(facts.Share + Rare);
        c[2] = MathF.Log(1 + facts.Items);
        c[3] = MathF.Log(1 + facts.Brands);
        c[4] = MathF.Log(1 + facts.Categories);
        c[5] = Depth(offer);
        c[6] = facts.MeanPriceMinor > 0 && offer.MinimumSpend is { Minor: > 0 } minimum
            ? (float)Math.Log(1 + (minimum.Minor / facts.MeanPriceMinor)) : 0;
        c[7] = (float)Math.Log(facts.MeanRelativePrice);
        var hours = Math.Min(offer.ValidFor.TotalHours, Math.Max(0, (campaign.End - campaign.Start).TotalHours));
        c[8] = (float)Math.Log(1 + hours) / 5;
        c[Others + ((int)offer.Kind is var kind and > 0 and < Kinds ? kind : 0)] = 1;
        if (TensorPrimitives.Norm(embedding) is var norm and > 0)
        {
            TensorPrimitives.Divide(embedding, norm, c[(Others + Kinds)..]);
        }
    }

    // Tenths of the price at the minimum spend; 0 where there is none. Features are scaled down where they spread by
    // more than 1 and never up: in whole prices, a tenth more or less would be too small to be learned from.
    private static float Depth(Offer offer) => offer switch
    {
        { PercentBasisPoints: > 0 } => offer.PercentBasisPoints / 1_000f,
        { Amount: { } amount, MinimumSpend: { Minor: > 0 } minimum } =>
            10 * Math.Min(1, (float)amount.Minor / minimum.Minor),
        _ => 0,
    };
}
