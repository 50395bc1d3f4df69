using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;
using TorchSharp;

namespace CouponGrains.Training.Tests.Offers;

public sealed class BriefExampleTests(BriefExampleTests.Example example) : IClassFixture<BriefExampleTests.Example>
{
    private readonly BriefExampleResult _result = example.Result;

    [Fact]
    public void The_first_four_users_are_those_of_the_brief()
    {
        var r = _result.Behaviour.ToDense();
        string[] rows = ["1010010000", "0101001010", "0010101001", "0101001010"];
        for (var user = 0; user < 4; user++)
        {
            Assert.Equal(rows[user], string.Concat(Enumerable.Range(0, 10).Select(item => r[user, item])));
            Assert.Equal(0, Enumerable.Range(10, 990).Sum(item => r[user, item]));
        }

        Assert.Equal((100, 1_000), (_result.Behaviour.Rows, _result.Behaviour.Columns));
        Assert.All(_result.Behaviour.Values, value => Assert.Equal(1f, value));
    }

    [Fact]
    public void The_factors_equal_an_independent_dense_computation()
    {
        LibTorchLoader.Ensure();
        var dense = _result.Behaviour.ToDense();
        using var scope = torch.NewDisposeScope();
        var (u, s, vh) = torch.linalg.svd(torch.tensor(dense), fullMatrices: false);
        var low = u.narrow(1, 0, 2).mul(s.narrow(0, 0, 2)).matmul(vh.narrow(0, 0, 2)).data<double>().ToArray();
        var values = s.data<double>().ToArray();
        Assert.Equal(values[0], _result.Factors.SingularValues[0], 1e-4);
        Assert.Equal(values[1], _result.Factors.SingularValues[1], 1e-4);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(values[i], _result.Profiles.SingularValues[i], 1e-4);
        }

        for (var user = 0; user < 100; user++)
        {
            for (var item = 0; item < 1_000; item++)
            {
                var ours = (_result.Factors.UserVectors[2 * user] * _result.Factors.V[2 * item])
                    + (_result.Factors.UserVectors[(2 * user) + 1] * _result.Factors.V[(2 * item) + 1]);
                Assert.Equal(low[(user * 1_000) + item], ours, 1e-4);
            }
        }
    }

    [Fact]
    public void The_scores_equal_the_explicit_product()
    {
        for (var user = 0; user < 100; user += 7)
        {
            for (var coupon = 0; coupon < 100; coupon += 9)
            {
                var sum = 0.0;
                for (var item = 0; item < 1_000; item++)
                {
                    var entry = 0.0;
                    for (var i = 0; i < 2; i++)
                    {
                        var (u, v) = (_result.Factors.UserVectors[(2 * user) + i], _result.Factors.V[(2 * item) + i]);
                        entry += (double)u * v;
                    }

                    sum += entry * _result.Coupons[coupon][item];
                }

                Assert.Equal(sum, _result.Scores[user, coupon], 1e-3);
            }
        }
    }

    [Fact]
    public void User_1_gets_five_coupons_as_readable_offers_best_first()
    {
        Assert.Equal(5, _result.Recommended.Count);
        Assert.Equal(_result.Recommended.Select(c => c.Score).OrderDescending(),
            _result.Recommended.Select(c => c.Score));
        Assert.All(_result.Recommended, c => Assert.Equal(5, c.Offer.Scope.Items.Count));
        Assert.All(_result.Recommended, c => Assert.Matches("^[0-9]+ % off items [0-9, ]+$", c.Offer.Title));
        Assert.Equal([1, 2, 3, 4, 5], _result.ByCosine.Select(c => c.Number).Order());
        Assert.All(_result.ByCosine, c => Assert.InRange(c.Score, -1, 1));
    }

    [Fact]
    public void Every_step_tells_its_shapes_and_finite_figures()
    {
        Assert.Equal(["behaviour", "svd", "gan", "coupon_svd", "recommend", "profiles", "cosine"],
            _result.Steps.Select(s => s.Name));
        Assert.All(_result.Steps.SelectMany(s => s.Figures),
            figure => Assert.True(double.IsFinite(figure.Value), figure.Name));
    }

    [Fact]
    public void The_generated_coupons_differ_and_are_about_as_sparse_as_behaviour()
    {
        var behaviour = _result.Behaviour.NonZeros / 100_000.0;
        Assert.InRange(_result.Coupons.Average(c => c.Average()), behaviour / 3, behaviour * 3);
        var texts = _result.Coupons.Select(c => string.Join(',', c.Select(v => Math.Round(v, 2))));
        Assert.True(texts.Distinct().Count() > 50);
    }

    [Fact]
    public void A_seed_gives_the_same_result_again()
    {
        var options = new BriefExampleOptions { Epochs = 2, Seed = 42 };
        var first = BriefExample.Run(options, new Progress<double>(), default);
        var second = BriefExample.Run(options, new Progress<double>(), default);
        Assert.Equal(first.Coupons.SelectMany(c => c), second.Coupons.SelectMany(c => c));
        Assert.Equal(first.Recommended.Select(c => c.Offer.Title), second.Recommended.Select(c => c.Offer.Title));
    }

    public sealed class Example
    {
        public BriefExampleResult Result { get; } = BriefExample.Run(new(), new Progress<double>(), default);
    }
}
