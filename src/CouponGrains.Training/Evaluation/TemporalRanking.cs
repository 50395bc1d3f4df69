using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The protocol of time: learn from what lies before an instant, rank all items for each user, and look at
/// what he bought after it: HR@10, NDCG@10 and Recall@20. Items that the training part has never seen cannot be
/// ranked, and count in the ideal all the same. Ties go to the item that comes first.</summary>
public sealed class TemporalRanking : HeldOutRanking
{
    private const int Depth = 10;
    private const int RecallDepth = 20;

    private Func<TemporalRanking>? _earlier;
    private TemporalRanking? _newItems;

    /// <summary>For each of the users the columns of what he bought later, ascending, −1 for each item that the
    /// training part does not know.</summary>
    public required int[][] Later { get; init; }

    /// <summary>False if everything is ranked, the past too; true if the user's own past items are left out, of the
    /// ranking and of what is relevant.</summary>
    public bool NewOnly { get; init; }

    internal override bool RanksPast => !NewOnly;

    /// <summary>What users of a matrix bought later: each his row and the columns, −1 for an item that it does not
    /// know. Users who bought nothing are left out.</summary>
    public static TemporalRanking Of(CsrMatrix before, IReadOnlyList<(int Row, int[] Columns)> later)
    {
        var measured = later.Where(l => l.Columns.Length > 0).OrderBy(l => l.Row).ToList();
        return new()
        {
            Train = before, Users = [.. measured.Select(l => l.Row)],
            Later = [.. measured.Select(l => l.Columns.Order().ToArray())],
        };
    }

    /// <summary>The behaviour matrix of the events at or before an instant, and the distinct items that its users
    /// bought after it, at or before <paramref name="until"/>. Its validation holds out the newest
    /// <paramref name="validationShare"/> of the events before the instant.</summary>
    public static TemporalRanking Of(
        BehaviourTrace trace, BehaviourWeights weights, DateTimeOffset split, DateTimeOffset until,
        double validationShare = 0.2)
    {
        var matrix = trace.Matrix(weights, split);
        var rows = Places(matrix.Users);
        var columns = Places(matrix.Items);
        var later = trace.Events
            .Where(e => e.Kind == EventKind.Purchase && e.At > split && e.At <= until && rows.ContainsKey(e.User))
            .GroupBy(e => rows[e.User], e => e.Item!.Value)
            .Select(g => (g.Key, g.Distinct().Select(item => columns.GetValueOrDefault(item, -1)).ToArray()));
        var ranking = Of(matrix.Entries, [.. later]);
        ranking._earlier = () => Of(trace, weights, trace.Split(validationShare, split), split, validationShare);
        return ranking;
    }

    /// <summary>The earlier part of what was gathered, and what its users bought later; beyond 20,000 of them an even
    /// sample. It has no validation of its own.</summary>
    internal static TemporalRanking Of(BehaviourAccumulator behaviour, CancellationToken cancel)
    {
        const int UsersMax = 20_000;
        var matrix = behaviour.EarlierMatrix(cancel);
        var rows = Enumerable.Range(0, matrix.Users.Count)
            .Where(row => behaviour.CountLaterPurchases(matrix.Users[row]) > 0).ToArray();
        var columns = Places(matrix.Items);
        return Of(matrix.Entries, [.. Enumerable.Range(0, Math.Min(UsersMax, rows.Length))
            .Select(i => rows[rows.Length <= UsersMax ? i : (int)((long)i * rows.Length / UsersMax)])
            .Select(row => (row, behaviour.LaterPurchases(matrix.Users[row])
                .Select(item => columns.GetValueOrDefault(item, -1)).ToArray()))]);
    }

    /// <summary>Every second user, and the others: to choose options on the one half and measure them on the
    /// other.</summary>
    internal (TemporalRanking Choose, TemporalRanking Measure) Halves() => (Half(0), Half(1));

    private TemporalRanking Half(int first)
    {
        int[] kept = [.. Enumerable.Range(0, Users.Length).Where(i => i % 2 == first)];
        return new()
        {
            Train = Train, Users = Array.ConvertAll(kept, i => Users[i]), Later = Array.ConvertAll(kept, i => Later[i]),
        };
    }

    /// <summary>At most <paramref name="users"/> of the users, drawn by a seed.</summary>
    public TemporalRanking Sample(int users, int seed)
    {
        if (Users.Length <= users)
        {
            return this;
        }

        var places = Enumerable.Range(0, Users.Length).ToArray();
        new Random(seed).Shuffle(places);
        int[] kept = [.. places.Take(users).Order()];
        return new()
        {
            Train = Train, Users = Array.ConvertAll(kept, i => Users[i]), Later = Array.ConvertAll(kept, i => Later[i]),
            NewOnly = NewOnly, _earlier = _earlier,
        };
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
    public override TemporalRanking? Validation(int users, int seed) => _earlier?.Invoke().Sample(users, seed);

    internal override HeldOutRanking? WithoutPast => NewOnly ? null : NewItems();

    // All later items and the new ones count alike: a shop wants both.
    internal override double Figure(ScoreUsers model, int threads, CancellationToken cancel) =>
        NewOnly || NewItems().Users.Length == 0
        ? base.Figure(model, threads, cancel)
        : (base.Figure(model, threads, cancel) + NewItems().Figure(model, threads, cancel)) / 2;

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
