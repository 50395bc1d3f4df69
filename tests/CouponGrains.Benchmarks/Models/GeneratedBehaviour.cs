using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>A behaviour matrix like those of shops: few items are popular (Zipf), few users are busy (log-normal),
/// and each user buys half of what everybody buys and half of what his group does. Each user has a generator of his
/// own, so the matrix does not depend on the number of threads.</summary>
internal static class GeneratedBehaviour
{
    private const int Groups = 40;

    public static CsrMatrix Make(int users, int items, long entries, int seed)
    {
        var popularity = Sums(items);
        var orders = Enumerable.Range(0, Groups).Select(g => Shuffled(items, new Random(seed + g))).ToArray();
        var starts = Starts(users, items, entries, seed);
        var (indices, values) = (new int[starts[^1]], new float[starts[^1]]);
        Parallel.For(0, users, user =>
        {
            var random = new Random(unchecked((seed * 1_000_003) + user));
            var row = indices.AsSpan((int)starts[user], (int)(starts[user + 1] - starts[user]));
            Fill(row, popularity, orders[random.Next(Groups)], random);
            foreach (ref var value in values.AsSpan((int)starts[user], row.Length))
            {
                value = 0.2f + (2 * random.NextSingle());
            }
        });
        return new(users, items, starts, indices, values);
    }

    // Draws until all are different, and then in the order of the items.
    private static void Fill(Span<int> row, double[] popularity, int[] order, Random random)
    {
        for (var count = 0; count < row.Length;)
        {
            for (var i = count; i < row.Length; i++)
            {
                var item = Draw(popularity, random);
                row[i] = random.Next(2) == 0 ? item : order[item];
            }

            row.Sort();
            count = 1;
            for (var i = 1; i < row.Length; i++)
            {
                if (row[i] != row[count - 1])
                {
                    row[count++] = row[i];
                }
            }
        }
    }

    private static long[] Starts(int users, int items, long entries, int seed)
    {
        var random = new Random(seed);
        var raw = new double[users];
        for (var user = 0; user < users; user++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble());
            raw[user] = Math.Exp(normal);
        }

        var scale = entries / raw.Sum();
        var starts = new long[users + 1];
        for (var user = 0; user < users; user++)
        {
            starts[user + 1] = starts[user] + (long)Math.Clamp(raw[user] * scale, 1, items / 10);
        }

        return starts;
    }

    private static double[] Sums(int items)
    {
        var sums = new double[items];
        var sum = 0.0;
        for (var item = 0; item < items; item++)
        {
            sums[item] = sum += 1 / Math.Pow(item + 10, 0.9);
        }

        return sums;
    }

    private static int Draw(double[] sums, Random random)
    {
        var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at, sums.Length - 1);
    }

    private static int[] Shuffled(int items, Random random)
    {
        var order = Enumerable.Range(0, items).ToArray();
        random.Shuffle(order);
        return order;
    }
}
