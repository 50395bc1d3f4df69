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

    internal static BehaviourMatrix Build(BehaviourTrace trace, BehaviourWeights weights, DateTimeOffset until)
    {
        var reference = DateTimeOffset.MinValue;
        var starts = new long[trace.Users.Count + 1];
        for (var e = 0; e < trace.Count; e++)
        {
            if (trace.AtOf(e) <= until && weights.Of(trace.KindOf(e)) != 0)
            {
                starts[trace.UserOf(e) + 1]++;
                reference = trace.AtOf(e) > reference ? trace.AtOf(e) : reference;
            }
        }

        for (var user = 0; user < trace.Users.Count; user++)
        {
            starts[user + 1] += starts[user];
        }

        var items = new int[starts[^1]];
        var sums = new double[starts[^1]];
        var next = starts.AsSpan(0, trace.Users.Count).ToArray();
        for (var e = 0; e < trace.Count; e++)
        {
            if (trace.AtOf(e) <= until && weights.Of(trace.KindOf(e)) is var weight and not 0)
            {
                var place = next[trace.UserOf(e)]++;
                items[place] = trace.ItemOf(e);
                sums[place] = weight * weights.Decay(trace.AtOf(e), reference);
            }
        }

        return Compress(trace, starts, items, sums, reference);
    }

    private static BehaviourMatrix Compress(
        BehaviourTrace trace, long[] starts, int[] items, double[] sums, DateTimeOffset reference)
    {
        var lengths = new int[trace.Users.Count];
        var seen = new bool[trace.Items.Count];
        for (var user = 0; user < lengths.Length; user++)
        {
            lengths[user] = CompressRow(items, sums, (int)starts[user], (int)starts[user + 1]);
            foreach (var item in items.AsSpan((int)starts[user], lengths[user]))
            {
                seen[item] = true;
            }
        }

        var rowOrder = Order(trace.Users, user => lengths[user] > 0);
        var columnOrder = Order(trace.Items, item => seen[item]);
        var columns = new int[trace.Items.Count];
        for (var column = 0; column < columnOrder.Length; column++)
        {
            columns[columnOrder[column]] = column;
        }

        var entries = rowOrder.Sum(user => (long)lengths[user]);
        var (rowStarts, indices, values) = (new long[rowOrder.Length + 1], new int[entries], new float[entries]);
        for (var row = 0; row < rowOrder.Length; row++)
        {
            var (from, length, to) = ((int)starts[rowOrder[row]], lengths[rowOrder[row]], (int)rowStarts[row]);
            for (var p = 0; p < length; p++)
            {
                indices[to + p] = columns[items[from + p]];
                values[to + p] = BehaviourWeights.Entry(sums[from + p]);
            }

            Array.Sort(indices, values, to, length);
            rowStarts[row + 1] = to + length;
        }

        return new([.. rowOrder.Select(user => trace.Users[user])], [.. columnOrder.Select(item => trace.Items[item])],
            new(rowOrder.Length, columnOrder.Length, rowStarts, indices, values), reference);
    }

    // Sums the events of each item to the front of the row's range; answers how many items have an entry above 0.
    // Sorting by item and place keeps the order of the log inside each sum, so that the result does not hang on the
    // sort.
    private static int CompressRow(int[] items, double[] sums, int from, int to)
    {
        var order = new (int Item, int Place)[to - from];
        for (var p = from; p < to; p++)
        {
            order[p - from] = (items[p], p);
        }

        Array.Sort(order);
        var kept = new List<(int Item, double Sum)>();
        for (var p = 0; p < order.Length;)
        {
            var (item, sum) = (order[p].Item, 0.0);
            for (; p < order.Length && order[p].Item == item; p++)
            {
                sum += sums[order[p].Place];
            }

            if (BehaviourWeights.Entry(sum) > 0)
            {
                kept.Add((item, sum));
            }
        }

        for (var p = 0; p < kept.Count; p++)
        {
            (items[from + p], sums[from + p]) = kept[p];
        }

        return kept.Count;
    }

    private static int[] Order<T>(IReadOnlyList<T> ids, Func<int, bool> isKept)
        where T : IComparable<T>
    {
        var numbers = Enumerable.Range(0, ids.Count).Where(isKept).ToArray();
        Array.Sort(numbers, (a, b) => ids[a].CompareTo(ids[b]));
        return numbers;
    }
}
