using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the network is told of a coupon alone.</summary>
public static class CouponFeatures
{
    /// <summary>How many numbers there are for item factors of <paramref name="rank"/> numbers.</summary>
    public static int Width(int rank) => rank;

    /// <summary>Fills them in, shape (coupon).</summary>
    public static void Fill(
        Offer offer, Campaign campaign, ReadOnlySpan<float> embedding, CatalogIndex catalog, Span<float> c)
    {
        c.Clear();
        embedding.CopyTo(c);
    }
}
