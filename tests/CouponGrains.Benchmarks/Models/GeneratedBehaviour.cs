using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>A behaviour matrix like those of shops: few items are popular (Zipf), few users are busy (log-normal),
/// and each user buys half of what everybody buys and half of what his group does.</summary>
internal static class GeneratedBehaviour
{
    private const int Groups = 40;

    public static CsrMatrix Make(int users, int items, long entries, int seed)
    {
        var random = new Random(seed);
        var popularity = Sums(items);
        var orders = Enumerable.Range(0, Groups).Select(_ => Shuffled(items, random)).ToArray();
        var lengths = Lengths(users, items, entries, random);
        var starts = new long[users + 1];
        var (indices, values) = (new List<int>(), new List<float>());
        var row = new SortedSet<int>();
        for (var user = 0; user < users; user++)
        {
            row.Clear();
            var order = orders[random.Next(Groups)];
            for (var tries = 0; row.Count < lengths[user] && tries < 10 * lengths[user]; tries++)
            {
                var item = Draw(popularity, random);
                row.Add(random.Next(2) == 0 ? item : order[item]);
            }

            foreach (var item in row)
            {
                indices.Add(item);
                values.Add(0.2f + (2 * random.NextSingle()));
            }

            starts[user + 1] = indices.Count;
        }

        return new(users, items, starts, [.. indices], [.. values]);
    }

    private static int[] Lengths(int users, int items, long entries, Random random)
    {
        var raw = new double[users];
        for (var user = 0; user < users; user++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble());
            raw[user] = Math.Exp(normal);
        }

        var scale = entries / raw.Sum();
        return Array.ConvertAll(raw, length => (int)Math.Clamp(length * scale, 1, items / 2));
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
