namespace CouponGrains.Training.Models;

/// <summary>A short list of neighbours for each item, itself perhaps among them, with weights of either sign: a sparse
/// matrix, shape (n, n), row = the item in the history, column = the item that is scored. Columns ascend inside a
/// row.</summary>
public sealed class NeighbourLists
{
    internal NeighbourLists(long[] starts, int[] indices, float[] values)
    {
        (Starts, Indices, Values) = (starts, indices, values);
    }

    /// <summary>n.</summary>
    public int Items => Starts.Length - 1;

    /// <summary>Where each item's list begins, shape (n + 1).</summary>
    public long[] Starts { get; }

    /// <summary>The neighbour of each entry.</summary>
    public int[] Indices { get; }

    /// <summary>The weight of each entry, finite.</summary>
    public float[] Values { get; }

    /// <summary>The neighbours of one item.</summary>
    public ReadOnlySpan<int> Of(int item) => Indices.AsSpan((int)Starts[item], (int)(Starts[item + 1] - Starts[item]));

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<float> Weights(int item) =>
        Values.AsSpan((int)Starts[item], (int)(Starts[item + 1] - Starts[item]));

    /// <summary>Joins the lists of items 0, 1, 2, …; takes them out of <paramref name="lists"/> on the way.</summary>
    internal static NeighbourLists Join((int[] Indices, float[] Values)[] lists)
    {
        var starts = new long[lists.Length + 1];
        for (var item = 0; item < lists.Length; item++)
        {
            starts[item + 1] = starts[item] + lists[item].Indices.Length;
        }

        var (indices, values) = (new int[starts[^1]], new float[starts[^1]]);
        for (var item = 0; item < lists.Length; item++)
        {
            lists[item].Indices.CopyTo(indices, starts[item]);
            lists[item].Values.CopyTo(values, starts[item]);
            lists[item] = default;
        }

        return new(starts, indices, values);
    }
}
