using System.Numerics.Tensors;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Offers;

/// <summary>Segments of users by the direction of their taste.</summary>
/// <param name="Centroids">The mean direction of each segment, unit length, shape (segments)(k).</param>
/// <param name="Shares">The share of users in each; they sum to 1.</param>
internal sealed record UserSegments(float[][] Centroids, float[] Shares)
{
    private const int SampleMax = 20_000;
    private const int RoundsMax = 50;
    private const string CentroidsName = "segments.centroids";
    private const string SharesName = "segments.shares";

    /// <summary>Spherical k-means (Dhillon and Modha 2001) with the k-means++ start: maximises <c>Σ_u u · c(u)</c>
    /// over unit vectors. About √(users / 2) segments, 2 to <paramref name="most"/>; beyond 20,000 users an even
    /// sample. Users without taste are passed over.</summary>
    /// <param name="users">Vectors U Σ, row by row.</param>
    /// <param name="rank">k.</param>
    /// <param name="random">The seeded start.</param>
    /// <param name="most">The most segments.</param>
    public static UserSegments Find(float[] users, int rank, Random random, int most = 16)
    {
        var count = users.Length / rank;
        var sample = Math.Min(count, SampleMax);
        var tastes = Enumerable.Range(0, sample)
            .Select(i => DesignCode.Unit(users.AsSpan((int)((long)i * count / sample) * rank, rank)))
            .Where(taste => TensorPrimitives.Norm<float>(taste) > 0).ToArray();
        if (tastes.Length == 0)
        {
            return new([new float[rank]], [1]);
        }

        var wanted = Math.Clamp((int)Math.Sqrt(tastes.Length / 2.0), Math.Min(2, tastes.Length), most);
        var centroids = Start(tastes, wanted, random);
        var nearest = new int[tastes.Length];
        for (var round = 0; round < RoundsMax && Assign(tastes, centroids, nearest, round == 0); round++)
        {
            Centre(tastes, centroids, nearest);
        }

        var shares = centroids.Select((_, segment) => (float)nearest.Count(n => n == segment) / tastes.Length);
        return Ordered([.. centroids.Zip(shares).Where(pair => pair.Second > 0)]);
    }

    /// <summary>The segments that a model carries; without, one segment with the taste of what is popular.</summary>
    public static UserSegments Of(ModelSnapshot model)
    {
        var rank = model.Factors.Rank;
        if (model.Tensors.TryGetValue(CentroidsName, out var centroids)
            && model.Tensors.TryGetValue(SharesName, out var shares))
        {
            return new([.. centroids.Values.Chunk(rank)], shares.Values);
        }

        var popular = new float[rank];
        for (var row = 0; row < model.Factors.Items.Count; row++)
        {
            TensorPrimitives.MultiplyAdd(model.Factors.Row(row), model.Popularity[row], popular, popular);
        }

        return new([DesignCode.Unit(popular)], [1]);
    }

    /// <summary>The segments as tensors of a model.</summary>
    public IEnumerable<KeyValuePair<string, ModelTensor>> ToTensors() =>
    [
        new(CentroidsName, new([Centroids.Length, Centroids[0].Length], [.. Centroids.SelectMany(c => c)])),
        new(SharesName, new([Shares.Length], Shares)),
    ];

    /// <summary>The segment whose direction is nearest to <paramref name="taste"/>.</summary>
    public int Nearest(ReadOnlySpan<float> taste)
    {
        var (best, cosine) = (0, float.NegativeInfinity);
        for (var segment = 0; segment < Centroids.Length; segment++)
        {
            if (TensorPrimitives.Dot(taste, Centroids[segment]) is var product && product > cosine)
            {
                (best, cosine) = (segment, product);
            }
        }

        return best;
    }

    /// <summary>A segment for a number from 0 to 1, in proportion to the shares.</summary>
    public int At(double place)
    {
        var segment = 0;
        for (var sum = (double)Shares[0]; sum < place && segment < Shares.Length - 1; sum += Shares[segment])
        {
            segment++;
        }

        return segment;
    }

    private static float[][] Start(float[][] tastes, int count, Random random)
    {
        var centroids = new List<float[]> { tastes[random.Next(tastes.Length)] };
        var distances = Array.ConvertAll(tastes, _ => double.PositiveInfinity);
        while (centroids.Count < count)
        {
            for (var i = 0; i < tastes.Length; i++)
            {
                distances[i] = Math.Min(distances[i],
                    Math.Max(0, 1 - TensorPrimitives.Dot<float>(tastes[i], centroids[^1])));
            }

            var place = random.NextDouble() * distances.Sum();
            var next = 0;
            for (var sum = distances[0]; sum < place && next < tastes.Length - 1; sum += distances[next])
            {
                next++;
            }

            centroids.Add(tastes[next]);
        }

        return [.. centroids];
    }

    private static bool Assign(float[][] tastes, float[][] centroids, int[] nearest, bool first)
    {
        var segments = new UserSegments(centroids, []);
        var moved = first;
        for (var i = 0; i < tastes.Length; i++)
        {
            var segment = segments.Nearest(tastes[i]);
            moved |= segment != nearest[i];
            nearest[i] = segment;
        }

        return moved;
    }

    // An empty segment keeps its centroid.
    private static void Centre(float[][] tastes, float[][] centroids, int[] nearest)
    {
        var sums = centroids.Select(c => new float[c.Length]).ToArray();
        for (var i = 0; i < tastes.Length; i++)
        {
            TensorPrimitives.Add(sums[nearest[i]], tastes[i], sums[nearest[i]]);
        }

        for (var segment = 0; segment < centroids.Length; segment++)
        {
            if (TensorPrimitives.Norm<float>(sums[segment]) > 0)
            {
                centroids[segment] = DesignCode.Unit(sums[segment]);
            }
        }
    }

    private static UserSegments Ordered(List<(float[] Centroid, float Share)> segments)
    {
        var ordered = segments.OrderByDescending(s => s.Share).ToList();
        return new([.. ordered.Select(s => s.Centroid)], [.. ordered.Select(s => s.Share)]);
    }
}
