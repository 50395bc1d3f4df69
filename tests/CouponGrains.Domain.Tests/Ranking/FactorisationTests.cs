using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Tests.Ranking;

/// <summary>The mathematics of the whole path on an example small enough to be computed densely.</summary>
public sealed class FactorisationTests
{
    private const int Users = 12;
    private const int Items = 9;
    private const int Rank = 3;
    private const int Seed = 21;

    [Fact]
    public void The_score_is_the_entry_of_U_S_Vt_C_and_a_trained_user_folds_to_his_row_of_U_S()
    {
        var profiles = Profiles(new Random(Seed));
        var r = BehaviourMatrix(profiles);
        var v = RightFactor(r);
        var us = Times(r, v); // U Σ = R V, (users, k)
        var sigma = Enumerable.Range(0, Rank).Select(k => Math.Sqrt(Sum(Users, u => us[u, k] * us[u, k]))).ToArray();
        var u = Matrix(Users, Rank, (user, k) => us[user, k] / sigma[k]);
        var usv = Matrix(Users, Items, (user, i) => Sum(Rank, k => u[user, k] * sigma[k] * v[i, k]));

        ItemId[] ids = [.. Enumerable.Range(0, Items).Select(Samples.Id)];
        var model = Samples.Model(Items, Rank, Seed) with { Factors = new(ids, Rank, Flat(v)) };
        var catalog = new CatalogIndex(Enumerable.Range(0, Items).Select(i => Samples.Item(i, $"C{i % 3}")));
        var offers = Enumerable.Range(0, 3)
            .Select(c => Samples.Percent(1_000, new() { Categories = [$"C{c}"] }, $"offer-{c}")).ToArray();
        var campaign = Samples.Campaign() with { Ranking = new() { Affinity = Affinity.Dot, Diversity = 0 } };
        var index = OfferIndex.Build(model, [(campaign, offers)], catalog);

        for (var user = 0; user < Users; user++)
        {
            var taste = TasteVector.Fold(profiles[user], model);
            for (var k = 0; k < Rank; k++)
            {
                Assert.Equal(us[user, k], taste.Values[k], 1e-5);
            }

            foreach (var ranked in OfferRanker.Rank(index, new(profiles[user], taste, []), null, 3, Samples.Noon))
            {
                // C: 1/√3 on the three items of the category.
                var category = int.Parse(ranked.Offer.Id.Value[^1..]);
                var entry = Sum(Items, i => i % 3 == category ? usv[user, i] / Math.Sqrt(3) : 0);
                Assert.Equal(entry, ranked.Score, 1e-5);
                Assert.Equal(entry, ranked.Reasons.Sum(reason => reason.Contribution), 1e-5);
            }
        }
    }

    private static List<UserProfile> Profiles(Random random) => [.. Enumerable.Range(0, Users).Select(user =>
    {
        var profile = Samples.Profile();
        for (var e = 1; e <= 15; e++)
        {
            var kind = random.Next(2) == 0 ? EventKind.Purchase : EventKind.View;
            profile.Apply(Samples.Event(e, kind, random.Next(Items), random.Next(-300, 0)), null);
        }

        return profile;
    })];

    private static double[,] BehaviourMatrix(List<UserProfile> profiles) => Matrix(Users, Items, (user, item) =>
        profiles[user].Items.TryGetValue(Samples.Id(item), out var history)
            ? BehaviourWeights.Entry(history.DecayedSum) : 0);

    /// <summary>The k leading right singular vectors: orthogonal iteration on RᵀR.</summary>
    private static double[,] RightFactor(double[,] r)
    {
        var gram = Matrix(Items, Items, (i, j) => Sum(Users, u => r[u, i] * r[u, j]));
        var normal = Samples.Normal(new Random(Seed), Items * Rank);
        var q = Matrix(Items, Rank, (i, k) => normal[(i * Rank) + k]);
        for (var iteration = 0; iteration < 2_000; iteration++)
        {
            q = Times(gram, q);
            for (var k = 0; k < Rank; k++)
            {
                for (var before = 0; before < k; before++)
                {
                    var dot = Sum(Items, i => q[i, k] * q[i, before]);
                    Enumerable.Range(0, Items).ToList().ForEach(i => q[i, k] -= dot * q[i, before]);
                }

                var norm = Math.Sqrt(Sum(Items, i => q[i, k] * q[i, k]));
                Enumerable.Range(0, Items).ToList().ForEach(i => q[i, k] /= norm);
            }
        }

        return q;
    }

    private static double[,] Times(double[,] a, double[,] b) =>
        Matrix(a.GetLength(0), b.GetLength(1), (row, column) => Sum(a.GetLength(1), i => a[row, i] * b[i, column]));

    private static double[,] Matrix(int rows, int columns, Func<int, int, double> entry)
    {
        var matrix = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = entry(row, column);
            }
        }

        return matrix;
    }

    private static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);

    private static float[] Flat(double[,] matrix) => [.. matrix.Cast<double>().Select(x => (float)x)];
}
