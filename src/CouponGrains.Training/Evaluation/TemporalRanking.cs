using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of time: learn from what lies before an instant, rank all items for each user, and look at what he
/// bought after it: HR@10, NDCG@10 and Recall@20. Items that the training part has never seen cannot be ranked, and count in
/// the ideal all the same. Ties go to the item that comes first.</summary>
public sealed class TemporalRanking : HeldOutRanking
{
    private const int Depth = 10;
    private const int RecallDepth = 20;

    private TemporalRanking? _newItems;

    /// <summary>For each of the users the columns of what he bought later, ascending, −1 for each item that the training
    /// part does not know.</summary>
    public required int[][] Later { get; init; }

    /// <summary>False if everything is ranked, the past too; true if the user's own past items are left out, of the ranking
    /// and of what is relevant.</summary>
    public bool NewOnly { get; init; }

    internal override bool RanksPast => !NewOnly;

    /// <summary>What users of a matrix bought later: each his row and the columns, −1 for an item that it does not know.
    /// Users who bought nothing are left out.</summary>
    public static TemporalRanking Of(CsrMatrix before, IReadOnlyList<(int Row, int[] Columns)> later)
    {
        var measured = later.Where(l => l.Columns.Length > 0).OrderBy(l => l.Row).ToList();
        return new()
        {
            Train = before, Users = [.. measured.Select(l => l.Row)],
            Later = [.. measured.Select(l => l.Columns.Order().ToArray())],
        };
    }

    /// <summary>The behaviour matrix at an instant and what its users bought after it.</summary>
    public static TemporalRanking Of(BehaviourTrace trace, BehaviourWeights weights, DateTimeOffset split)
    {
        var matrix = trace.Matrix(weights, split);
        var rows = matrix.Users.Select((user, row) => (user, row)).ToDictionary(p => p.user, p => p.row);
        var columns = matrix.Items.Select((item, column) => (item, column)).ToDictionary(p => p.item, p => p.column);
        var later = new List<(int Row, int[] Columns)>();
        foreach (var (user, items) in trace.PurchasesAfter(split))
        {
            if (rows.TryGetValue(trace.Users[user], out var row))
            {
                later.Add((row, [.. items.Select(item => columns.GetValueOrDefault(trace.Items[item], -1))]));
            }
        }

        return Of(matrix.Entries, later);
    }

    /// <summary>The same with the users' own past left out; users who bought nothing new are not in it.</summary>
    public TemporalRanking NewItems()
    {
        if (_newItems is null)
        {
            var later = Users.Select((user, i) => (user, Later[i].Where(column =>
                column < 0 || Train.RowIndices(user).BinarySearch(column) < 0).ToArray()));
            var all = Of(Train, [.. later]);
            _newItems = new() { Train = Train, Users = all.Users, Later = all.Later, NewOnly = true };
        }

        return _newItems;
    }

    /// <inheritdoc/>
    public override HeldOutRanking Validation(int users, int seed)
    {
        var random = new Random(seed);
        var places = Enumerable.Range(0, Users.Length).ToArray();
        random.Shuffle(places);
        int[] kept = [.. places.Take(users).Order()];
        return new TemporalRanking
        {
            Train = Train, Users = Array.ConvertAll(kept, i => Users[i]), Later = Array.ConvertAll(kept, i => Later[i]), NewOnly = NewOnly,
        };
    }

    // All later items and the new ones count alike: a shop wants both.
    internal override double Figure(ScoreUsers model, int threads, CancellationToken cancel) => NewOnly || NewItems().Users.Length == 0
        ? base.Figure(model, threads, cancel)
        : (base.Figure(model, threads, cancel) + NewItems().Figure(model, threads, cancel)) / 2;

    private protected override RankingFigures Judge(int place, Span<float> scores)
    {
        if (NewOnly)
        {
            foreach (var item in Train.RowIndices(Users[place]))
            {
                scores[item] = float.NegativeInfinity;
            }
        }

        Span<int> top = stackalloc int[RecallDepth];
        Span<bool> hits = stackalloc bool[RecallDepth];
        var found = TopRanked.Find(scores, top);
        for (var i = 0; i < found; i++)
        {
            hits[i] = Array.BinarySearch(Later[place], top[i]) >= 0;
        }

        return new(RankingMetrics.HitRate(hits, Depth), RankingMetrics.Ndcg(hits, Depth, Later[place].Length),
            RankingMetrics.Recall(hits, RecallDepth, Later[place].Length));
    }
}
