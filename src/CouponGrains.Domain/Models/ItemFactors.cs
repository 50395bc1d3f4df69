using System.Numerics.Tensors;

namespace CouponGrains.Domain.Models;

/// <summary>Where an item's factors come from.</summary>
public enum FactorSource
{
    /// <summary>The model knows nothing of the item.</summary>
    None = 1,

    /// <summary>From the training run.</summary>
    Trained = 2,

    /// <summary>The item came after the run: <see cref="ProvisionalFactors"/> stands in until the next.</summary>
    Provisional = 3,
}

/// <summary>The item factors F: one row of k numbers for each item; of plain SVD <c>R ≈ U Σ Vᵀ</c> the right factor V.
/// Behind the trained rows there may be provisional ones.</summary>
public sealed class ItemFactors
{
    private readonly Dictionary<ItemId, int> _rows;
    private readonly IReadOnlyList<ProvisionalRow> _provisional;
    private readonly int _touched;

    /// <summary>Takes ownership of the arrays.</summary>
    /// <param name="items">The item of each row, in ordinal order, without repetition.</param>
    /// <param name="rank">k, the width of a row; at least 1.</param>
    /// <param name="values">F row by row, shape (items, k).</param>
    public ItemFactors(IReadOnlyList<ItemId> items, int rank, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (values.Length != (long)items.Count * rank)
        {
            throw new ArgumentException(
                $"Expected {items.Count} x {rank} values, but got {values.Length}.", nameof(values));
        }

        (Items, TrainedCount, Rank, Values, _provisional) = (items, items.Count, rank, values, []);
        _rows = new(items.Count);
        for (var row = 0; row < items.Count; row++)
        {
            _rows.Add(items[row], row);
        }
    }

    private ItemFactors(ItemFactors trained, IReadOnlyList<ProvisionalRow> rows, int touched)
    {
        (Rank, Values, _provisional, _touched) = (trained.Rank, trained.Values, rows, touched);
        TrainedCount = trained.TrainedCount;
        Items = [.. trained.Items.Take(TrainedCount), .. rows.Select(row => row.Item)];
        _rows = new(Items.Count);
        for (var row = 0; row < Items.Count; row++)
        {
            _rows.Add(Items[row], row);
        }
    }

    /// <summary>The item of each row; the trained ones first.</summary>
    public IReadOnlyList<ItemId> Items { get; }

    /// <summary>How many rows are trained.</summary>
    public int TrainedCount { get; }

    /// <summary>k.</summary>
    public int Rank { get; }

    /// <summary>The trained rows of F, shape (trained, k).</summary>
    public float[] Values { get; }

    /// <summary>The trained rows with these provisional rows behind them, instead of those there were. The trained ones
    /// are shared, not copied.</summary>
    /// <param name="rows">Rows of items without a trained one, without repetition; first those that users
    /// touched.</param>
    /// <param name="touched">How many of them users touched.</param>
    public ItemFactors WithProvisional(IReadOnlyList<ProvisionalRow> rows, int touched) =>
        rows.All(row => row.Factors.Length == Rank)
            ? new(this, rows, touched)
            : throw new ArgumentException($"The rows must have {Rank} numbers.", nameof(rows));

    /// <summary>The row of an item, or −1 if there is none.</summary>
    public int RowOf(ItemId item) => _rows.GetValueOrDefault(item, -1);

    /// <summary>True if a row is provisional.</summary>
    public bool IsProvisional(int row) => row >= TrainedCount;

    /// <summary>True if a row is provisional and of an item that no user touched since the training run: it is what the
    /// catalog tells and nothing else.</summary>
    public bool IsUntouched(int row) => row >= TrainedCount + _touched;

    /// <summary>Where the row of an item comes from.</summary>
    public FactorSource SourceOf(ItemId item) => RowOf(item) switch
    {
        < 0 => FactorSource.None,
        var row => IsProvisional(row) ? FactorSource.Provisional : FactorSource.Trained,
    };

    /// <summary>Row <paramref name="row"/> of F, shape (k).</summary>
    public ReadOnlySpan<float> Row(int row) => row < TrainedCount
        ? Values.AsSpan(row * Rank, Rank)
        : _provisional[row - TrainedCount].Factors;

    /// <summary>How long the part of a row is that is not known: 0 of a trained row. A provisional row is an expected
    /// one, shorter than what it stands in for; its squared length is to be expected as ‖F_i‖² plus this
    /// squared.</summary>
    public float Spread(int row) => row < TrainedCount ? 0 : _provisional[row - TrainedCount].Spread;

    /// <summary>The trained items that a provisional row stands for among neighbours, which it has none of
    /// itself.</summary>
    public IReadOnlyList<LikeRow> Likes(int row) => row < TrainedCount ? [] : _provisional[row - TrainedCount].Likes;

    /// <summary>The cosine of two rows, with the length that each is expected to have; not a number if one has
    /// none.</summary>
    public float Cosine(int a, int b) =>
        TensorPrimitives.Dot(Row(a), Row(b)) / MathF.Sqrt(SquaredLength(a) * SquaredLength(b));

    private float SquaredLength(int row) => TensorPrimitives.SumOfSquares(Row(row)) + (Spread(row) * Spread(row));
}

/// <summary>A row of an item that came after training.</summary>
/// <param name="Item">The item.</param>
/// <param name="Factors">The row, shape (k); several items may share one.</param>
/// <param name="Spread">What <see cref="ItemFactors.Spread"/> answers.</param>
/// <param name="Likes">What <see cref="ItemFactors.Likes"/> answers.</param>
public sealed record ProvisionalRow(ItemId Item, float[] Factors, float Spread, IReadOnlyList<LikeRow> Likes);

/// <summary>A trained row that a provisional one is like.</summary>
/// <param name="Row">The row.</param>
/// <param name="Weight">How much; the weights of all sum to 1.</param>
public readonly record struct LikeRow(int Row, float Weight);
