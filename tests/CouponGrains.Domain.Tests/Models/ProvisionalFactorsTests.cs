using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class ProvisionalFactorsTests
{
    private static readonly ItemId New = new("new");

    [Theory]
    [InlineData(1)]
    [InlineData(2.5f)] // in alike for all items.
    public void The_column_of_a_trained_item_folds_to_its_trained_row_where_there_is_evidence_enough(float historyWeight)
    {
        const int Users = 14;
        var (model, us) = PlainSvd(Users, items: 9, rank: 3, historyWeight);
        foreach (var without in (bool[])[false, true])
        {
            // Without its users, the singular values tell the same.
            var seen = without ? model with { Users = null } : model;
            var provisional = new ProvisionalFactors(seen, CatalogIndex.Empty);
            for (var i = 0; i < 9; i++)
            {
                var evidence = ItemEvidence.None(New, model.Version, 3);
                for (var u = 0; u < Users; u++)
                {
                    var entry = Dot(us[u], model.Factors.Row(i)) / historyWeight; // R = U Σ Vᵀ; us has in with it.
                    evidence = evidence.Add(us[u], (float)entry);
                }

                var row = provisional.Regress(evidence with { Mass = 1e9 });
                for (var k = 0; k < 3; k++)
                {
                    Assert.Equal(model.Factors.Row(i)[k], row[k], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Few_users_tell_by_their_mean_taste_and_many_by_the_regression()
    {
        // Two directions, the first with 25 times the energy of the second.
        var model = Model([1, 0], [0, 1]) with { SingularValues = [5, 1], Users = null };
        var provisional = new ProvisionalFactors(model, CatalogIndex.Empty);
        var one = provisional.Regress(new(New, model.Version, [0.3f, 0.3f], 0.01));
        Assert.Equal(1, one[1] / one[0], 0.01);
        var many = provisional.Regress(new(New, model.Version, [300, 300], 1e7));
        Assert.Equal(25, many[1] / many[0], 0.01);
    }

    [Fact]
    public void Without_evidence_a_row_is_the_mean_of_its_deepest_category_by_closeness_of_price()
    {
        var model = Model([1, 0], [0, 1], [-1, -1]);
        Item[] trained =
        [
            Priced(0, 1, "FOOD", "TEA"), Priced(1, 4, "FOOD", "TEA"), Priced(2, 1, "FOOD", "BREAD"),
        ];
        foreach (var price in (decimal[])[1, 2, 3, 4, 7])
        {
            var (one, four) = (Kernel(100, price), Kernel(400, price));
            Near([one / (one + four), four / (one + four)], Row(model, trained, NewItem(price, "FOOD", "TEA")));
        }

        Near([0.5, 0.5], Row(model, trained, NewItem(null, "FOOD", "TEA")));
        Near([0, 1], Row(model, trained, NewItem(1_000_000, "FOOD", "TEA")));
    }

    [Fact]
    public void A_category_without_trained_items_backs_off_to_its_parent_then_to_the_brand_then_to_nothing()
    {
        var model = Model([1, 0], [0, 1], [3, 3]);
        Item[] trained = [Priced(0, 2, "FOOD", "TEA"), Priced(1, 2, "FOOD", "BREAD"), Priced(2, 2) with { Brand = "B" }];
        Near([0.5, 0.5], Row(model, trained, NewItem(2, "FOOD", "JAM")));
        Near([0.5, 0.5], Row(model, trained, NewItem(2, "FOOD", "JAM") with { Brand = "B" }));
        Near([3, 3], Row(model, trained, NewItem(2, "TOYS") with { Brand = "B" }));
        Assert.Null(Row(model, trained, NewItem(2, "TOYS")));
        Assert.Null(Row(model, trained, NewItem(2)));
    }

    [Fact]
    public void In_a_large_category_the_nearest_prices_alone_make_the_mean()
    {
        const int Count = 700;
        var random = new Random(4);
        var model = Samples.SpectralModel(Count, rank: 5, seed: 3);
        var trained = Enumerable.Range(0, Count)
            .Select(i => Samples.Item(i, "ALL") with { Price = new(random.Next(1, 100_000), Samples.Usd) }).ToArray();
        foreach (var price in (int[])[1, 900, 31_000, 99_999, 5_000_000])
        {
            var item = new Item { Id = New, Categories = ["ALL"], Price = new(price, Samples.Usd) };
            var extended = Extend(model, [.. trained, item]);
            var place = Math.Round(Math.Log(price) * 20) / 20;
            var nearest = trained.Select((t, i) => (Row: i, Far: Math.Abs(Math.Log(t.Price!.Value.Minor) - place)))
                .OrderBy(t => t.Far).Take(256).ToList();
            var weights = nearest.ConvertAll(n => Math.Exp(Math.Max(-700, -2 * n.Far * n.Far)));
            for (var k = 0; k < 5; k++)
            {
                var mean = nearest.Zip(weights, (n, w) => w * model.Factors.Row(n.Row)[k]).Sum() / weights.Sum();
                Assert.Equal(mean, extended.Factors.Row(Count)[k], 1e-4);
            }

            var history = nearest.Zip(weights, (n, w) => w * model.HistoryWeights[n.Row]).Sum() / weights.Sum();
            Assert.Equal(history, extended.HistoryWeights[Count], 1e-4);
        }
    }

    [Fact]
    public void The_more_users_tell_of_an_item_the_less_its_category_counts()
    {
        var model = Model([2, 0], [0, 1], [0, 1]) with { Users = new([Samples.Ann, new("bob")], 2, [1, 0, 0, 1]) };
        Item[] catalog = [Priced(1, 2, "TEA"), Priced(2, 2, "TEA"), NewItem(2, "TEA")];
        var before = double.PositiveInfinity;
        foreach (var buyers in (int[])[0, 1, 5, 20, 1_000])
        {
            var evidence = new ItemEvidence(New, model.Version, [buyers * 0.1f, 0], buyers * Math.Log(2));
            var row = Extend(model, catalog, evidence).Factors.Row(3);
            var credible = buyers / (buyers + 10.0);
            Assert.Equal(1 - credible, row[1], 1e-5);
            Assert.InRange(row[0], credible - 1e-5, (2 * credible) + 1e-5); // As long as like rows, not longer than any.
            Assert.True(row[1] < before);
            before = row[1];
        }
    }

    [Fact]
    public void What_a_row_is_shorter_than_those_it_stands_in_for_is_its_spread()
    {
        var model = Model([1, 0], [0, 1]);
        Item[] catalog = [Priced(0, 2, "TEA"), Priced(1, 2, "TEA"), NewItem(2, "TEA")];
        var factors = Extend(model, catalog).Factors;
        Near([0.5, 0.5], factors.Row(2).ToArray());
        Assert.Equal(Math.Sqrt(0.5), factors.Spread(2), 1e-5);
        Assert.Equal(0, factors.Spread(0));
        Assert.Equal(0.5, factors.Cosine(0, 2), 1e-5); // Not 0.71, as if the mean were all of it.

        // Two directions of unlike energy: a few users' mean taste is not the whole row.
        var uneven = model with { SingularValues = [5, 1], Users = null };
        var few = Extend(uneven, [], new ItemEvidence(New, uneven.Version, [3, 3], 2)).Factors;
        Assert.True(few.Spread(2) > 0.5);
        Assert.Equal(1, Math.Pow(few.Spread(2), 2) + Math.Pow(few.Row(2)[0], 2) + Math.Pow(few.Row(2)[1], 2), 1e-4);
        var many = Extend(uneven, [], new ItemEvidence(New, uneven.Version, [1_000, 40], 1e7)).Factors;
        Assert.True(many.Spread(2) < 0.02);
    }

    [Fact]
    public void Evidence_makes_a_row_without_any_catalog()
    {
        var model = Model([2, 0], [0, 1]);
        var evidence = new ItemEvidence(New, model.Version, [0, 3], 10);
        var extended = Extend(model, [], evidence);
        Assert.Equal(FactorSource.Provisional, extended.Factors.SourceOf(New));
        Assert.True(extended.Factors.Row(2)[1] > 0.5);
    }

    [Fact]
    public void What_says_nothing_changes_nothing()
    {
        var model = Model([2, 0], [0, 1]);
        ItemEvidence[] useless =
        [
            new(New, new(99), [0, 3], 10), new(Samples.Id(0), model.Version, [0, 3], 10),
            new(New, model.Version, [0, 3], 0), new(New, model.Version, [0, 3, 0], 10),
        ];
        Assert.All(useless, e => Assert.Equal(2, Extend(model, [], e).Factors.Items.Count));
        Assert.Equal(model.Factors.Values, Extend(model, [], useless).Factors.Values);
    }

    [Fact]
    public void Trained_rows_stay_and_the_new_ones_stand_behind_them_and_are_marked()
    {
        var model = Samples.SpectralModel(items: 6, rank: 3, seed: 2);
        Item[] catalog = [.. Enumerable.Range(0, 9).Select(i => Samples.Item(i, "ALL")), Samples.Item(10)];
        var extended = new ProvisionalFactors(model, new(catalog)).Extend([], generation: 4);
        Assert.Equal(4, extended.Generation);
        Assert.Equal(Enumerable.Range(0, 9).Select(Samples.Id), extended.Factors.Items);
        Assert.Equal(6, extended.Factors.TrainedCount);
        for (var row = 0; row < 6; row++)
        {
            Assert.Equal(model.Factors.Row(row), extended.Factors.Row(row));
        }

        Assert.Equal(
            [FactorSource.Trained, FactorSource.Provisional, FactorSource.None],
            new[] { 5, 6, 10 }.Select(i => extended.Factors.SourceOf(Samples.Id(i))));
        Assert.Equal(extended.Factors.Row(6), extended.Factors.Row(8));
        Assert.Equal([false, true], new[] { 5, 6 }.Select(extended.Factors.IsUntouched));
        var touched = Extend(model, catalog, new ItemEvidence(Samples.Id(8), model.Version, [1, 1, 1], 1)).Factors;
        Assert.Equal([Samples.Id(8), Samples.Id(6), Samples.Id(7)], touched.Items.Skip(6));
        Assert.Equal([false, true, true], new[] { 6, 7, 8 }.Select(touched.IsUntouched));
        Assert.Equal(9, extended.TargetWeights.Length);
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(extended));
    }

    [Fact]
    public void Evidence_adds_up_in_any_order_and_what_is_given_back_takes_its_part_away()
    {
        var none = ItemEvidence.None(New, new(1), 2);
        var one = none.Add([1, 2], 0.5f).Add([3, -1], 1);
        var other = none.Add([3, -1], 1).Add([1, 2], 0.5f);
        Assert.Equal([3.5f, 0], one.Tastes);
        Assert.Equal(one.Tastes, other.Tastes);
        Assert.Equal(1.5, one.Mass, 1e-6);
        Assert.Equal([0, 0], none.Add([1, 2], 0.5f).Add([1, 2], -0.5f).Tastes);
        Assert.Throws<ArgumentException>(() => none.Add([1], 1));
    }

    /// <summary>The weight of a price in cents for an item of a price in dollars.</summary>
    private static double Kernel(double cents, decimal price) =>
        Math.Exp(-2 * Math.Pow(Math.Log(cents) - (Math.Round(Math.Log((double)price * 100) * 20) / 20), 2));

    private static Item Priced(int number, decimal price, params string[] categories) =>
        Samples.Item(number, categories) with { Price = Samples.Dollars(price) };

    private static Item NewItem(decimal? price, params string[] categories) =>
        new() { Id = New, Categories = categories, Price = price is { } p ? Samples.Dollars(p) : null };

    private static ModelSnapshot Model(params float[][] rows) => Samples.Model(rows.Length, 2, seed: 1) with
    {
        Factors = new([.. Enumerable.Range(0, rows.Length).Select(Samples.Id)], 2, [.. rows.SelectMany(r => r)]),
    };

    private static ModelSnapshot Extend(ModelSnapshot model, Item[] catalog, params ItemEvidence[] evidence) =>
        new ProvisionalFactors(model, new(catalog)).Extend(evidence, generation: 1);

    private static float[]? Row(ModelSnapshot model, Item[] trained, Item item)
    {
        var factors = Extend(model, [.. trained, item]).Factors;
        return factors.SourceOf(item.Id) == FactorSource.None ? null : factors.Row(factors.RowOf(item.Id)).ToArray();
    }

    private static void Near(double[] expected, float[]? row)
    {
        Assert.NotNull(row);
        Assert.All(expected.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    /// <summary>A model of R = U Σ Vᵀ, exactly of its rank, and each user's taste.</summary>
    private static (ModelSnapshot Model, float[][] Tastes) PlainSvd(int users, int items, int rank, float historyWeight)
    {
        var random = new Random(8);
        var (u, v) = (Orthonormal(users, rank, random), Orthonormal(items, rank, random));
        var us = Enumerable.Range(0, users)
            .Select(user => Enumerable.Range(0, rank).Select(k => (float)(u[k][user] * (5 - k) * historyWeight)).ToArray())
            .ToArray();
        float[] rows = [.. Enumerable.Range(0, items).SelectMany(i => v.Select(column => (float)column[i]))];
        return (Samples.Model(items, rank, seed: 1) with
        {
            Factors = new([.. Enumerable.Range(0, items).Select(Samples.Id)], rank, rows),
            HistoryWeights = [.. Enumerable.Repeat(historyWeight, items)],
            SingularValues = [.. Enumerable.Range(0, rank).Select(k => (5 - k) * historyWeight)],
            Users = new([.. Enumerable.Range(0, users).Select(n => new UserId($"user-{n}"))], rank, [.. us.SelectMany(t => t)]),
        }, us);
    }

    private static double[][] Orthonormal(int length, int count, Random random)
    {
        var columns = new List<double[]>();
        while (columns.Count < count)
        {
            var next = Samples.Normal(random, length).Select(x => (double)x).ToArray();
            foreach (var column in columns)
            {
                var along = next.Zip(column, (a, b) => a * b).Sum();
                next = [.. next.Zip(column, (a, b) => a - (along * b))];
            }

            var norm = Math.Sqrt(next.Sum(x => x * x));
            columns.Add([.. next.Select(x => x / norm)]);
        }

        return [.. columns];
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            sum += (double)a[k] * b[k];
        }

        return sum;
    }
}
