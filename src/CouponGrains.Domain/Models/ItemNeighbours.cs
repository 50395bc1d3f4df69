namespace CouponGrains.Domain.Models;

/// <summary>N: for each item of a history, the items that it speaks for beyond what the factors say, with signed
/// weights. A sparse matrix of truncated lists, kept by rows; its diagonal is the user's own past item, «bought
/// again».</summary>
public sealed class ItemNeighbours
{
    /// <summary>Takes ownership of the arrays. Throws if they do not make a square matrix of numbers.</summary>
    /// <param name="starts">Where each row's list begins, and at last where the last one ends; ascending from 0, shape
    /// (items + 1).</param>
    /// <param name="items">The item row of each entry.</param>
    /// <param name="weights">Its weight N_ji.</param>
    public ItemNeighbours(long[] starts, int[] items, float[] weights)
    {
        if (starts is not [0, ..] || starts[^1] != items.Length || items.Length != weights.Length)
        {
            throw new ArgumentException("The lists must begin at 0 and end with the entries.", nameof(starts));
        }

        for (var row = 1; row < starts.Length; row++)
        {
            if (starts[row] < starts[row - 1])
            {
                throw new ArgumentException($"The list of row {row - 1} ends before it begins.", nameof(starts));
            }
        }

        foreach (var item in items)
        {
            if ((uint)item >= (uint)(starts.Length - 1))
            {
                throw new ArgumentException($"There is no item row {item}.", nameof(items));
            }
        }

        (Starts, Items, Weights) = (starts, items, weights);
    }

    /// <summary>No lists at all.</summary>
    public static ItemNeighbours None { get; } = new([0], [], []);

    /// <summary>Where each row's list begins, and at last where the last one ends.</summary>
    public long[] Starts { get; }

    /// <summary>The item row of each entry.</summary>
    public int[] Items { get; }

    /// <summary>The weight of each entry.</summary>
    public float[] Weights { get; }

    /// <summary>The rows that there are lists for, which may be empty; the rows behind them have none.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>The neighbours of a history item.</summary>
    public ReadOnlySpan<int> ItemsOf(int row) => Items.AsSpan(Begin(row), Length(row));

    /// <summary>The weights of <see cref="ItemsOf"/>.</summary>
    public ReadOnlySpan<float> WeightsOf(int row) => Weights.AsSpan(Begin(row), Length(row));

    private int Begin(int row) => row < Count ? (int)Starts[row] : 0;

    private int Length(int row) => row < Count ? (int)(Starts[row + 1] - Starts[row]) : 0;
}
