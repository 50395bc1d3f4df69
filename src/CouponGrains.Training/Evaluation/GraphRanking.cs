using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of graph models: all items but those of the user's training part are ranked, Recall@20 (hits over
/// all held-out items) and NDCG@20 (ideal over at most 20). Ties go to the item that comes first.</summary>
public sealed class GraphRanking : HeldOutRanking
{
    private const int Depth = 20;
    private const double ValidationShare = 0.2;

    /// <summary>The held-out items of each of the users, ascending.</summary>
    public required int[][] Relevant { get; init; }

    internal override SpectralOptions Start { get; } = new()
    {
        UserExponent = 0.4, ItemExponent = 0.4, Rank = 256, Filter = SpectralFilter.Ridge, FilterShape = 2,
        LowPassWeight = 4, Lift = 0.1, Neighbours = 1000,
    };

    // Exponents by the neighbours alone, which need no SVD; then what the low-pass part adds to them.
    internal override IReadOnlyList<Func<SpectralOptions, SpectralOptions[]>> Stages { get; } =
    [
        best => [.. from a in new[] { 0.3, 0.4, 0.5 } from b in new[] { 0.35, 0.45 }
            select best with { UserExponent = a, ItemExponent = b, LowPassWeight = 0 }],
        best => [.. from w in new[] { 2.0, 4 } from shape in new[] { 2.0, 5 }
            select best with { LowPassWeight = w, FilterShape = shape }],
        best => [.. new[] { 0, 0.2, 0.3 }.Select(c => best with { Lift = c })],
        best => [best with { NeighbourPower = 0.85 }],
    ];

    /// <inheritdoc/>
    public override HeldOutRanking Validation(int users, int seed)
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
