using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of graph models: all items but those of the user's training part are ranked, Recall@20 (hits
/// over all held-out items) and NDCG@20 (ideal over at most 20). Ties go to the item that comes first.</summary>
public sealed class GraphRanking : HeldOutRanking
{
    private const int Depth = 20;
    private const double ValidationShare = 0.2;

    /// <summary>The held-out items of each of the users, ascending.</summary>
    public required int[][] Relevant { get; init; }

    /// <inheritdoc/>
    public override GraphRanking Validation(int users, int seed)
    {
        var random = new Random(seed);
        var split = HeldOut.Split(Train, (_, count) =>
            [.. Enumerable.Range(0, count).Where(_ => random.NextDouble() < ValidationShare)]);
        var places = HeldOut.Sample(split.Held, users, random);
        return new GraphRanking
        {
            Train = split.Kept, Users = places, Relevant = Array.ConvertAll(places, user => split.Held[user]),
        };
    }

    private protected override RankingFigures Judge(int place, Span<float> scores)
    {
        foreach (var item in Train.RowIndices(Users[place]))
        {
            scores[item] = float.NegativeInfinity;
        }

        Span<int> top = stackalloc int[Depth];
        Span<bool> hits = stackalloc bool[Depth];
        var found = TopRanked.Find(scores, top);
        for (var i = 0; i < found; i++)
        {
            hits[i] = Array.BinarySearch(Relevant[place], top[i]) >= 0;
        }

        return new(RankingMetrics.Recall(hits, Depth, Relevant[place].Length),
            RankingMetrics.Ndcg(hits, Depth, Relevant[place].Length));
    }
}
