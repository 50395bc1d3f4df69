using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of neural collaborative filtering: a user's last item is ranked among 99 sampled ones, HR@10 and
/// NDCG@10. A sampled item that is the last item itself is left out, one sampled twice counts once. Of equal scores the
/// item that comes first leads.</summary>
public sealed class NcfRanking : HeldOutRanking
{
    private const int Depth = 10;
    private const int Sampled = 99;

    /// <summary>The held-out item of each of the users.</summary>
    public required int[] Last { get; init; }

    /// <summary>The sampled items of each of the users.</summary>
    public required int[][] Negatives { get; init; }

    internal override SpectralOptions Start { get; } = new()
    {
        UserExponent = 0.4, ItemExponent = 0.3, Rank = 256, Filter = SpectralFilter.Ridge, FilterShape = 8, Neighbours = 0,
    };

    // Items are few enough here for the spectrum to carry everything: no neighbours, so no mixing weight.
    internal override IReadOnlyList<Func<SpectralOptions, SpectralOptions[]>> Stages { get; } =
    [
        best => [.. from a in new[] { 0.2, 0.4 } from b in new[] { 0.2, 0.3, 0.4 } from shape in new[] { 5.0, 8 }
            select best with { UserExponent = a, ItemExponent = b, FilterShape = shape }],
        best => [.. new[] { 0.6, 1.5, 2.2 }.Select(by => best with { FilterShape = best.FilterShape * by })],
        best => [.. new[] { -0.1, 0.1, 0.2 }.Select(c => best with { Lift = c })],
        best => [.. new[] { 128, 192 }.Select(rank => best with { Rank = rank })],
    ];

    /// <inheritdoc/>
    public override HeldOutRanking Validation(int users, int seed)
    {
        var random = new Random(seed);
        var split = HeldOut.Split(Train, (_, count) => count > 1 ? [random.Next(count)] : []);
        var places = HeldOut.Sample(split.Held, users, random);
        return new NcfRanking
        {
            Train = split.Kept, Users = places, Last = Array.ConvertAll(places, user => split.Held[user][0]),
            Negatives = Array.ConvertAll(places, user => Sample(user, random)),
        };
    }

    private protected override RankingFigures Judge(int place, Span<float> scores)
    {
        var last = Last[place];
        var ahead = 0;
        foreach (var item in Negatives[place].Distinct())
        {
            ahead += scores[item] > scores[last] || (scores[item] == scores[last] && item < last) ? 1 : 0;
        }

        Span<bool> hits = stackalloc bool[Depth];
        if (ahead < Depth)
        {
            hits[ahead] = true;
        }

        return new(RankingMetrics.HitRate(hits, Depth), RankingMetrics.Ndcg(hits, Depth, 1));
    }

    private int[] Sample(int user, Random random)
    {
        var seen = Train.RowIndices(user);
        var free = Math.Min(Sampled, Train.Columns - seen.Length);
        var sampled = new HashSet<int>();
        while (sampled.Count < free)
        {
            var item = random.Next(Train.Columns);
            if (seen.BinarySearch(item) < 0)
            {
                sampled.Add(item);
            }
        }

        return [.. sampled];
    }
}
