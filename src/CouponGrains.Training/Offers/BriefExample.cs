using System.Numerics.Tensors;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Offers;

/// <summary>The numbers of the brief's example; the defaults are the brief's.</summary>
public sealed record BriefExampleOptions
{
    /// <summary>Rows of the behaviour matrix, at least 4.</summary>
    public int Users { get; init; } = 100;

    /// <summary>Columns of the behaviour matrix, at least 10.</summary>
    public int Items { get; init; } = 1_000;

    /// <summary>k of the factorisations.</summary>
    public int Rank { get; init; } = 2;

    /// <summary>Components of the profiles that are compared by cosine.</summary>
    public int ProfileRank { get; init; } = 10;

    /// <summary>Length of the generator's noise.</summary>
    public int Noise { get; init; } = 2;

    /// <summary>Coupons generated: rows of the coupon matrix.</summary>
    public int Generated { get; init; } = 100;

    /// <summary>Coupons recommended, and coupons compared by cosine.</summary>
    public int Coupons { get; init; } = 5;

    /// <summary>Share of hidden units dropped in training.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Epochs of the GAN.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Rows in one step of the GAN.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>One step of the example.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Shapes">What it makes, with shapes.</param>
/// <param name="Figures">Its figures by name, in order.</param>
public sealed record BriefStep(string Name, string Shapes, IReadOnlyList<(string Name, double Value)> Figures);

/// <summary>A coupon with its score for a user, as an offer that people can read.</summary>
/// <param name="Number">Its row in the coupon matrix, from 1.</param>
/// <param name="Score">Its score.</param>
/// <param name="Offer">What it is.</param>
public sealed record BriefCoupon(int Number, double Score, Offer Offer);

/// <summary>All that the example computes.</summary>
/// <param name="Steps">Each step in order.</param>
/// <param name="Behaviour">R, binary, shape (users, items).</param>
/// <param name="Factors">R ≈ U Σ Vᵀ at the rank of the options.</param>
/// <param name="Coupons">The generated coupons, shape (generated)(items), values 0 to 1; C is its transpose.</param>
/// <param name="CouponFactors">The SVD of the coupon matrix.</param>
/// <param name="Scores">U Σ Vᵀ · C, shape (users, generated).</param>
/// <param name="Recommended">The best coupons for user 1 by <paramref name="Scores"/>, best first.</param>
/// <param name="Profiles">R ≈ U Σ Vᵀ at the rank of the profiles.</param>
/// <param name="Cosines">Cosine of each user's profile with the first coupons, shape (users, coupons).</param>
/// <param name="ByCosine">The first coupons in the order of user 1's cosines, best first.</param>
public sealed record BriefExampleResult(
    IReadOnlyList<BriefStep> Steps, CsrMatrix Behaviour, SvdFactors Factors, float[][] Coupons,
    SvdFactors CouponFactors, float[,] Scores, IReadOnlyList<BriefCoupon> Recommended,
    SvdFactors Profiles, float[,] Cosines, IReadOnlyList<BriefCoupon> ByCosine);

/// <summary>The brief's own example, step by step: behaviour, its SVD, coupons from a GAN, their SVD, recommendation by
/// <c>U Σ Vᵀ · C</c>, and beside it ten-component profiles compared by cosine.</summary>
public static class BriefExample
{
    private static readonly string[] FirstRows = ["1010010000", "0101001010", "0010101001", "0101001010"];

    private static readonly SvdOptions Exact = new() { Tolerance = 1e-7, IterationsMax = 500 };

    /// <summary>Runs all steps; seconds. <paramref name="progress"/> gets 0 to 1.</summary>
    public static BriefExampleResult Run(
        BriefExampleOptions options, IProgress<double> progress, CancellationToken cancel)
    {
        var behaviour = Behaviour(options);
        var exact = Exact with { Rank = options.Rank, Seed = options.Seed };
        var factors = TruncatedSvd.Decompose(behaviour, exact, cancel);
        using var gan = new BriefGan(options);
        var rows = Rows(behaviour);
        var losses = gan.Train(rows, epoch => progress.Report(0.9 * epoch / options.Epochs), cancel);
        var coupons = gan.Generate(options.Generated);
        var couponMatrix = CsrMatrix.FromDense(Dense(coupons));
        var couponFactors = TruncatedSvd.Decompose(couponMatrix, exact, cancel);
        var scores = Compare(factors, coupons, Dot);
        var profiles = TruncatedSvd.Decompose(behaviour, exact with { Rank = options.ProfileRank }, cancel);
        var cosines = Compare(profiles, coupons[..options.Coupons], Cosine);
        progress.Report(1);

        var (recommended, byCosine) = (Best(scores, coupons, options), Best(cosines, coupons, options));
        var (m, n, g, c) = (options.Users, options.Items, options.Generated, options.Coupons);
        BriefStep[] steps =
        [
            new("behaviour", $"R ({m}, {n})",
                [("entries", behaviour.NonZeros), ("entries_user_1", behaviour.RowIndices(0).Length)]),
            Step("svd", "U", m, n, factors, behaviour),
            new("gan", $"G ({options.Noise}) -> ({n}), coupons ({g}, {n})",
                [("epochs", options.Epochs), ("batch", options.Batch), ("dropout", options.Dropout),
                    ("loss_generator", losses.Generator), ("loss_discriminator", losses.Critic),
                    ("mean_behaviour", rows.Average(r => r.Average())),
                    ("mean_coupons", coupons.Average(r => r.Average()))]),
            Step("coupon_svd", "U_c", g, n, couponFactors, couponMatrix),
            new("recommend", $"U S V^T ({m}, {n}) x C ({n}, {g}) = scores ({m}, {g})",
                [.. recommended.Select(r => ($"coupon_{r.Number}", r.Score))]),
            Step("profiles", "U", m, n, profiles, behaviour),
            new("cosine",
                $"profiles ({m}, {options.ProfileRank}) with coupons ({c}, {options.ProfileRank}) = ({m}, {c})",
                [.. byCosine.Select(r => ($"coupon_{r.Number}", r.Score))]),
        ];
        return new(steps, behaviour, factors, coupons, couponFactors, scores, recommended, profiles, cosines, byCosine);
    }

    // The first four users are the brief's. The others have a favourite tenth of the items: 8 in 100 of those, 1 of
    // the rest.
    private static CsrMatrix Behaviour(BriefExampleOptions options)
    {
        var random = new Random(options.Seed);
        var r = new float[options.Users, options.Items];
        for (var user = 0; user < options.Users; user++)
        {
            for (var item = 0; item < options.Items; item++)
            {
                r[user, item] = user < FirstRows.Length
                    ? item < FirstRows[user].Length ? FirstRows[user][item] - '0' : 0
                    : random.NextDouble() < (item * 10 / options.Items == user % 10 ? 0.08 : 0.01) ? 1 : 0;
            }
        }

        return CsrMatrix.FromDense(r);
    }

    private static BriefStep Step(string name, string left, int rows, int columns, SvdFactors factors, CsrMatrix matrix)
    {
        var energy = matrix.Values.Sum(v => (double)v * v);
        return new(name, $"{left} ({rows}, {factors.Rank}), S ({factors.Rank}), V^T ({factors.Rank}, {columns})",
            [.. factors.SingularValues.Select((s, i) => ($"sigma_{i + 1}", (double)s)),
                ("explained", factors.SingularValues.Sum(s => (double)s * s) / energy),
                ("residual", factors.Residual)]);
    }

    // Compares each user's row of U Σ with each coupon's Vᵀ c: with the dot product, one entry of U Σ Vᵀ · C.
    private static float[,] Compare(SvdFactors factors, float[][] coupons, Func<float[], float[], float> measure)
    {
        var k = factors.Rank;
        var users = factors.UserVectors.Chunk(k).ToArray();
        var scores = new float[users.Length, coupons.Length];
        for (var coupon = 0; coupon < coupons.Length; coupon++)
        {
            var embedding = new float[k];
            for (var item = 0; item < coupons[coupon].Length; item++)
            {
                var row = factors.V.AsSpan(item * k, k);
                TensorPrimitives.MultiplyAdd(row, coupons[coupon][item], embedding, embedding);
            }

            for (var user = 0; user < users.Length; user++)
            {
                scores[user, coupon] = measure(users[user], embedding);
            }
        }

        return scores;
    }

    private static float Dot(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);

    private static float Cosine(float[] a, float[] b) =>
        TensorPrimitives.Norm<float>(a) * TensorPrimitives.Norm<float>(b) is var length and > 0
            ? Dot(a, b) / length
            : 0;

    private static List<BriefCoupon> Best(float[,] scores, float[][] coupons, BriefExampleOptions options) =>
        [.. Enumerable.Range(0, scores.GetLength(1)).OrderByDescending(coupon => scores[0, coupon])
            .Take(options.Coupons)
            .Select(coupon => new BriefCoupon(coupon + 1, scores[0, coupon], Decode(coupon + 1, coupons[coupon])))];

    // The five strongest items make the scope; their mean, 0 to 1, is the place between 5 % and 50 %, in steps of 5 %.
    private static Offer Decode(int number, float[] coupon)
    {
        var strongest = Enumerable.Range(0, coupon.Length).OrderByDescending(item => coupon[item]).Take(5).ToArray();
        var depth = 500 * (1 + (int)Math.Round(9 * strongest.Average(item => coupon[item])));
        return new()
        {
            Id = new($"coupon-{number}"),
            Campaign = new("example"),
            Title = $"{depth / 100} % off items {string.Join(", ", strongest.Order().Select(item => item + 1))}",
            Kind = OfferKind.PercentOff,
            PercentBasisPoints = depth,
            Scope = new() { Items = [.. strongest.Order().Select(item => new ItemId($"item-{item + 1}"))] },
            Source = OfferSource.Generated,
        };
    }

    private static float[][] Rows(CsrMatrix matrix)
    {
        var rows = new float[matrix.Rows][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new float[matrix.Columns];
            var indices = matrix.RowIndices(row);
            for (var p = 0; p < indices.Length; p++)
            {
                rows[row][indices[p]] = matrix.RowValues(row)[p];
            }
        }

        return rows;
    }

    private static float[,] Dense(float[][] rows)
    {
        var dense = new float[rows.Length, rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                dense[row, column] = rows[row][column];
            }
        }

        return dense;
    }
}
