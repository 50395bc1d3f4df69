using CouponGrains.Domain.Ranking;
using CsCheck;

namespace CouponGrains.Domain.Tests.Ranking;

public sealed class AffinityScanTests
{
    [Fact]
    public void What_is_found_is_what_sorting_all_offers_finds() => Gen.Select(
            Gen.Int[0, 300], Gen.Int[1, 40], Gen.Int[0, 70], Gen.Int[0, 10_000], Gen.Bool, Gen.Bool)
        .Sample((offers, rank, count, seed, withAdded, withScales) =>
        {
            // Whole numbers, so that sums are exact in any order and many are equal.
            var random = new Random(seed);
            var embeddings = Whole(random, offers * rank);
            var taste = Whole(random, rank);
            var added = withAdded ? Array.ConvertAll(Whole(random, offers), a => (double)a) : [];
            var scales = withScales ? Whole(random, offers) : [];
            var filter = new Multiples(1 + random.Next(3));
            var best = new ScoredOffer[count];

            var found = new AffinityScan(embeddings, offers, rank).Top(taste, added, scales, filter, best);

            var expected = Enumerable.Range(0, offers).Where(filter.Allows)
                .Select(i => new ScoredOffer(i, (float)((Dot(taste, embeddings, i) + (withAdded ? added[i] : 0))
                    * (withScales ? scales[i] : 1))))
                .OrderByDescending(s => s.Affinity).ThenBy(s => s.Offer).Take(count);
            Assert.Equal(expected, best.Take(found));
        }, iter: 500);

    [Fact]
    public void Offers_without_a_number_for_an_affinity_are_not_found()
    {
        var scan = new AffinityScan([1, float.NaN, 3, -1], 4, 1);
        var best = new ScoredOffer[4];
        Assert.Equal(3, scan.Top([2], best));
        Assert.Equal([new(2, 6), new(0, 2), new(3, -2)], best[..3]);
    }

    [Fact]
    public void The_filter_is_asked_only_of_offers_that_are_good_enough()
    {
        const int Offers = 10_000;
        var asked = new Counted();
        var best = new ScoredOffer[10];
        new AffinityScan([.. Enumerable.Range(0, Offers).Select(i => (float)(Offers - i))], Offers, 1)
            .Top([1], [], [], asked, best);
        Assert.Equal(0, best[0].Offer);
        Assert.Equal(10, asked.Count);
    }

    [Fact]
    public void Inputs_of_another_size_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new AffinityScan([1, 2, 3], 2, 2));
        var scan = new AffinityScan([1, 2, 3, 4], 2, 2);
        var best = new ScoredOffer[1];
        Assert.Throws<ArgumentException>(() => scan.Top([1], best));
        Assert.Throws<ArgumentException>(() => scan.Top([1, 2], [1], [], new Multiples(1), best));
        Assert.Throws<ArgumentException>(() => scan.Top([1, 2], [], [1, 2, 3], new Multiples(1), best));
    }

    [Fact]
    public void A_search_allocates_nothing()
    {
        var random = new Random(1);
        var scan = new AffinityScan(Samples.Normal(random, 1_000 * 64), 1_000, 64);
        var (taste, best, least) = (Samples.Normal(random, 64), new ScoredOffer[10], long.MaxValue);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            scan.Top(taste, best);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static float[] Whole(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-3, 4))];

    private static double Dot(float[] taste, float[] embeddings, int offer) =>
        taste.Select((value, k) => (double)value * embeddings[(offer * taste.Length) + k]).Sum();

    private readonly record struct Multiples(int Of) : IOfferFilter
    {
        public bool Allows(int offer) => offer % Of == 0;
    }

    private sealed class Counted : IOfferFilter
    {
        public int Count { get; private set; }

        public bool Allows(int offer)
        {
            Count++;
            return true;
        }
    }
}
