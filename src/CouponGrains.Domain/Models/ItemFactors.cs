namespace CouponGrains.Domain.Models;

/// <summary>The item factors F: one row of k numbers for each item; of plain SVD <c>R ≈ U Σ Vᵀ</c> the right factor
/// V.</summary>
public sealed class ItemFactors
{
    private readonly Dictionary<ItemId, int> _rows;

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

        Items = items;
        Rank = rank;
        Values = values;
        _rows = new(items.Count);
        for (var row = 0; row < items.Count; row++)
        {
            _rows.Add(items[row], row);
        }
    }

    /// <summary>The item of each row.</summary>
    public IReadOnlyList<ItemId> Items { get; }

    /// <summary>k.</summary>
    public int Rank { get; }

    /// <summary>F row by row, shape (items, k).</summary>
    public float[] Values { get; }

    /// <summary>The row of an item, or −1 if the model does not know it.</summary>
    public int RowOf(ItemId item) => _rows.GetValueOrDefault(item, -1);

    /// <summary>Row <paramref name="row"/> of F, shape (k).</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Rank, Rank);
}
