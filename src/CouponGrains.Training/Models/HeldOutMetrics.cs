using CouponGrains.Domain.Models;
using System.Numerics.Tensors;

namespace CouponGrains.Training.Models;

/// <summary>Measures what a model trained on the time before an instant knows of the time after it.</summary>
/// <remarks>Protocol. Train on the events at or before the split. Measured are users who have a row in the training
/// matrix and bought at least one item after the split; beyond 20,000 of them an even sample. For each, all items of
/// the training matrix are ranked by <c>u · v_i</c> (ours) and by column sum (popularity). Nothing is masked: buying
/// again what one bought before is what most coupons are for. Relevant are the distinct items bought after the split,
/// those the training part has never seen included: they cannot be hit, and count in the ideal. Ties go to the item
/// that comes first in ordinal order.</remarks>
public static class HeldOutMetrics
{
    private const int Depth = 10;
    private const int UsersMax = 20_000;

    /// <summary>Trains on the part of <paramref name="behaviour"/> at or before its split and measures on the rest. All
    /// figures are 0 if the parts have no user in common.</summary>
    public static ModelMetrics Measure(BehaviourAccumulator behaviour, SvdOptions options, CancellationToken cancel)
    {
        var matrix = behaviour.EarlierMatrix(cancel);
        var side = Math.Min(matrix.Users.Count, matrix.Items.Count);
        if (side < 2)
        {
            return new(0, 0, 0, 0, 0);
        }

        var factors = TruncatedSvd.Decompose(matrix.Entries, options with { Rank = Math.Min(options.Rank, side) },
            cancel);
        return Measure(matrix, factors, LaterPurchases(behaviour, matrix), options.Threads, cancel);
    }

    /// <summary>Measures given factors. <paramref name="later"/> has, for each user measured, his row and the columns
    /// of what he bought later, −1 for an item that the matrix does not know.</summary>
    internal static ModelMetrics Measure(
        BehaviourMatrix matrix, SvdFactors factors, IReadOnlyList<(int Row, int[] Columns)> later, int threads,
        CancellationToken cancel)
    {
        if (later.Count == 0)
        {
            return new(0, 0, 0, 0, 0);
        }

        var popular = new int[Depth];
        Best(matrix.Popularity(), ref popular);
        var figures = new (double Hit, double Ndcg, double PopularHit, double PopularNdcg)[later.Count];
        Parallel.For(0, later.Count, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
            () => (Scores: new float[matrix.Items.Count], Top: new int[Depth]), (i, _, local) =>
            {
                var user = factors.UserVectors.AsSpan(later[i].Row * factors.Rank, factors.Rank);
                for (var item = 0; item < local.Scores.Length; item++)
                {
                    local.Scores[item] = TensorPrimitives.Dot(user,
                        factors.V.AsSpan(item * factors.Rank, factors.Rank));
                }

                Best(local.Scores, ref local.Top);
                var (ours, theirs) = (Judge(local.Top, later[i].Columns), Judge(popular, later[i].Columns));
                figures[i] = (ours.Hit, ours.Ndcg, theirs.Hit, theirs.Ndcg);
                return local;
            }, _ => { });
        return new(figures.Average(f => f.Hit), figures.Average(f => f.Ndcg), figures.Average(f => f.PopularHit),
            figures.Average(f => f.PopularNdcg), later.Count);
    }

    private static (int Row, int[] Columns)[] LaterPurchases(BehaviourAccumulator behaviour, BehaviourMatrix matrix)
    {
        var rows = Enumerable.Range(0, matrix.Users.Count)
            .Where(row => behaviour.CountLaterPurchases(matrix.Users[row]) > 0).ToArray();
        var columns = Places(matrix.Items);
        return [.. Enumerable.Range(0, Math.Min(UsersMax, rows.Length))
            .Select(i => rows[rows.Length <= UsersMax ? i : (int)((long)i * rows.Length / UsersMax)])
            .Select(row => (row, behaviour.LaterPurchases(matrix.Users[row])
                .Select(item => columns.GetValueOrDefault(item, -1)).Order().ToArray()))];
    }

    private static Dictionary<T, int> Places<T>(IReadOnlyList<T> ids)
        where T : notnull
    {
        var places = new Dictionary<T, int>(ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            places.Add(ids[i], i);
        }

        return places;
    }

    // The columns of the largest scores, best first; ties by column. Fewer than Depth items leave −2 at the end.
    private static void Best(float[] scores, ref int[] top)
    {
        Array.Fill(top, -2);
        var held = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            if (held == top.Length && scores[item] <= scores[top[^1]])
            {
                continue;
            }

            var place = held < top.Length ? held++ : held - 1;
            for (; place > 0 && scores[top[place - 1]] < scores[item]; place--)
            {
                top[place] = top[place - 1];
            }

            top[place] = item;
        }
    }

    private static (double Hit, double Ndcg) Judge(int[] top, int[] relevant)
    {
        Span<bool> hits = stackalloc bool[Depth];
        for (var i = 0; i < Depth; i++)
        {
            hits[i] = top[i] >= 0 && Array.BinarySearch(relevant, top[i]) >= 0;
        }

        return (RankingMetrics.HitRate(hits, Depth), RankingMetrics.Ndcg(hits, Depth, relevant.Length));
    }
}
