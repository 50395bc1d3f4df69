using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models;

/// <summary>The behaviour matrix R of <see cref="BehaviourWeights"/>: <c>r = ln(1 + max(0, Σ_e w(kind_e)·2^{(t_e −
/// T)/H}))</c> with T the newest event in it. Users and items without an entry above 0 are left out.</summary>
/// <param name="Users">The user of each row, in ordinal order.</param>
/// <param name="Items">The item of each column, in ordinal order.</param>
/// <param name="Entries">R.</param>
/// <param name="Reference">T.</param>
public sealed record BehaviourMatrix(
    IReadOnlyList<UserId> Users, IReadOnlyList<ItemId> Items, CsrMatrix Entries, DateTimeOffset Reference)
{
    /// <summary>The popularity of each item: the column sums of R over the largest, shape (items).</summary>
    public float[] Popularity()
    {
        var sums = new double[Items.Count];
        for (var p = 0; p < Entries.Indices.Length; p++)
        {
            sums[Entries.Indices[p]] += Entries.Values[p];
        }

        var largest = sums.DefaultIfEmpty(0).Max();
        return Array.ConvertAll(sums, sum => largest > 0 ? (float)(sum / largest) : 0f);
    }

    /// <summary>The matrix of two parts of the events together. Beyond the matrix itself it needs a few bytes for each
    /// user and item.</summary>
    internal static BehaviourMatrix Build(
        Numbering<UserId> users, Numbering<ItemId> items, DecayedSums earlier, DecayedSums later,
        CancellationToken cancel)
    {
        var reference = Math.Max(0, Math.Max(earlier.Newest, later.Newest));
        EntryRow NewRow() => new(earlier, later, reference);
        var (lengths, seen) = (new int[users.Count], new bool[items.Count]);
        earlier.Pairs.Merge();
        later.Pairs.Merge();
        var parallel = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, users.Count, parallel, NewRow, (user, _, row) =>
        {
            row.Read(user);
            lengths[user] = row.Items.Length;
            foreach (var item in row.Items)
            {
                seen[item] = true;
            }

            return row;
        }, _ => { });

        var (rowOrder, columnOrder) = (users.Ordered(user => lengths[user] > 0), items.Ordered(item => seen[item]));
        var columns = new int[items.Count];
        for (var column = 0; column < columnOrder.Length; column++)
        {
            columns[columnOrder[column]] = column;
        }

        var (starts, indices, values) = Allocate(rowOrder, lengths);
        Parallel.For(0, rowOrder.Length, parallel, NewRow, (place, _, row) =>
        {
            row.Read(rowOrder[place]);
            var (from, length) = ((int)starts[place], row.Items.Length);
            for (var p = 0; p < length; p++)
            {
                indices[from + p] = columns[row.Items[p]];
            }

            row.Values.CopyTo(values.AsSpan(from, length));
            Array.Sort(indices, values, from, length);
            return row;
        }, _ => { });
        return new([.. rowOrder.Select(user => users[user])], [.. columnOrder.Select(item => items[item])],
            new(rowOrder.Length, columnOrder.Length, starts, indices, values), new(reference, TimeSpan.Zero));
    }

    private static (long[] Starts, int[] Indices, float[] Values) Allocate(int[] rowOrder, int[] lengths)
    {
        var starts = new long[rowOrder.Length + 1];
        for (var row = 0; row < rowOrder.Length; row++)
        {
            starts[row + 1] = starts[row] + lengths[rowOrder[row]];
        }

        return starts[^1] <= Array.MaxLength
            ? (starts, new int[starts[^1]], new float[starts[^1]])
            : throw new RefusedException(RefusalCodes.InvalidValue,
                $"The behaviour matrix has {starts[^1]} entries; at most {Array.MaxLength} are possible.");
    }

    /// <summary>The entries above 0 of one user after another, by the numbers of their items.</summary>
    private sealed class EntryRow(DecayedSums earlier, DecayedSums later, long reference)
    {
        private readonly double _earlierFactor = earlier.FactorTo(reference);
        private readonly double _laterFactor = later.FactorTo(reference);
        private int[] _items = [];
        private float[] _values = [];
        private int _length;

        public ReadOnlySpan<int> Items => _items.AsSpan(0, _length);

        public ReadOnlySpan<float> Values => _values.AsSpan(0, _length);

        public void Read(int user)
        {
            var (a, b) = (earlier.Pairs.RowOf(user), later.Pairs.RowOf(user));
            if (a.Length + b.Length > _items.Length)
            {
                _items = new int[2 * (a.Length + b.Length)];
                _values = new float[_items.Length];
            }

            _length = 0;
            for (var (i, j) = (0, 0); i < a.Length || j < b.Length;)
            {
                var (inA, inB) = (i < a.Length ? a[i].Item : int.MaxValue, j < b.Length ? b[j].Item : int.MaxValue);
                var item = Math.Min(inA, inB);
                var sum = (inA == item ? _earlierFactor * a[i++].Sum : 0)
                    + (inB == item ? _laterFactor * b[j++].Sum : 0);
                if (BehaviourWeights.Entry(sum) is var entry and > 0)
                {
                    (_items[_length], _values[_length]) = (item, entry);
                    _length++;
                }
            }
        }
    }
}
