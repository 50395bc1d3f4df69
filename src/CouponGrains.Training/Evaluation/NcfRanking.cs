using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of neural collaborative filtering: a user's last item is ranked among 99 sampled ones, HR@10
/// and NDCG@10. A sampled item that is the last item itself is left out, one sampled twice counts once. Of equal
/// scores the item that comes first leads.</summary>
public sealed class NcfRanking : HeldOutRanking
{
    private const int Depth = 10;
    private const int Sampled = 99;

    /// <summary>The held-out item of each of the users.</summary>
    public required int[] Last { get; init; }

    /// <summary>The sampled items of each of the users.</summary>
    public required int[][] Negatives { get; init; }

    /// <inheritdoc/>
    public override NcfRanking Validation(int users, int seed)
    {
        var random = new Random(seed);
        var split = HeldOut.Split(Train, (_, count) => count > 1 ? Choose(count, random) : []);
        var places = HeldOut.Sample(split.Held, users, random)
            .SelectMany(user => split.Held[user].Select(item => (User: user, Item: item))).ToArray();
        return new NcfRanking
        {
            Train = split.Kept, Users = Array.ConvertAll(places, place => place.User),
            Last = Array.ConvertAll(places, place => place.Item),
            Negatives = Array.ConvertAll(places, place => Sample(place.User, random)),
        };
    }

    // A twentieth of the user's entries, one at least and four at most: with one of each, chance decides between
    // options.
    private static int[] Choose(int count, Random random)
    {
        var places = Enumerable.Range(0, count).ToArray();
        random.Shuffle(places);
        return [.. places.Take(Math.Clamp(count / 20, 1, 4)).Order()];
    }

    private protected override RankingFigures Judge(int place, Span<float> scores)
    {
        var last = Last[place];
        var ahead = 0;
        foreach (var item in Negatives[place].Distinct())
        {
            ahead += scores[item] < scores[last] || (scores[item] == scores[last] && item >= last) ? 0 : 1;
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
