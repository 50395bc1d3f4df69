using CouponGrains.Domain;
using CouponGrains.Training.Models;
using TorchSharp;

namespace CouponGrains.Training.Tests.Models;

public sealed class TruncatedSvdTests
{
    private static readonly SvdOptions Exact = new() { Tolerance = 1e-7, IterationsMax = 200 };

    [Theory]
    [InlineData(60, 40, 5)]
    [InlineData(40, 60, 12)]
    [InlineData(200, 90, 20)]
    [InlineData(9, 7, 7)]
    public void The_factors_equal_those_of_the_dense_reference(int rows, int columns, int rank)
    {
        var r = SparseMatrices.Random(rows, columns, 0.2, seed: rows + rank);
        var fast = TruncatedSvd.Decompose(r, Exact with { Rank = rank }, TestContext.Current.CancellationToken);
        var plain = DenseSvd.Decompose(r.ToDense());
        Assert.Equal(rank, fast.Rank);
        for (var i = 0; i < rank; i++)
        {
            Assert.Equal(plain.SingularValues[i], fast.SingularValues[i], plain.SingularValues[0] * 1e-5);
        }

        // Vectors of close values may mix, so compare what does not depend on the choice: the product U Σ Vᵀ.
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (ours, theirs) = (0.0, 0.0);
                for (var i = 0; i < rank; i++)
                {
                    ours += fast.UserVectors[(row * rank) + i] * fast.V[(column * rank) + i];
                    theirs += plain.U[row, i] * plain.SingularValues[i] * plain.V[column, i];
                }

                Assert.Equal(theirs, ours, 2e-3);
            }
        }
    }

    [Fact]
    public void The_dense_reference_equals_that_of_torch()
    {
        LibTorchLoader.Ensure();
        var a = SparseMatrices.Random(50, 31, 0.3, seed: 9).ToDense();
        var plain = DenseSvd.Decompose(a);
        using var scope = torch.NewDisposeScope();
        var (u, s, vh) = torch.linalg.svd(torch.tensor(a), fullMatrices: false);
        var (values, right) = (s.data<double>().ToArray(), vh.contiguous().data<double>().ToArray());
        for (var i = 0; i < 31; i++)
        {
            Assert.Equal(values[i], plain.SingularValues[i], 1e-10);
            var cosine = Math.Abs(Enumerable.Range(0, 31).Sum(row => right[(i * 31) + row] * plain.V[row, i]));
            Assert.Equal(1, cosine, 1e-8);
        }
    }

    [Fact]
    public void The_result_is_the_same_bit_for_bit_for_a_seed_and_any_number_of_threads()
    {
        var r = SparseMatrices.Random(400, 150, 0.1, seed: 4);
        var options = new SvdOptions { Rank = 16, Seed = 77 };
        var one = TruncatedSvd.Decompose(r, options with { Threads = 1 }, TestContext.Current.CancellationToken);
        var many = TruncatedSvd.Decompose(r, options with { Threads = 5 }, TestContext.Current.CancellationToken);
        Assert.Equal(one.V, many.V);
        Assert.Equal(one.UserVectors, many.UserVectors);
        Assert.Equal(one.SingularValues, many.SingularValues);
    }

    [Fact]
    public void The_right_vectors_are_orthonormal_with_their_largest_component_positive()
    {
        var r = SparseMatrices.Random(300, 120, 0.1, seed: 8);
        var factors = TruncatedSvd.Decompose(r, new() { Rank = 24 }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 24; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var product = Enumerable.Range(0, 120)
                    .Sum(row => (double)factors.V[(row * 24) + i] * factors.V[(row * 24) + j]);
                Assert.Equal(i == j ? 1 : 0, product, 1e-5);
            }

            Assert.True(Enumerable.Range(0, 120).Select(row => factors.V[(row * 24) + i]).MaxBy(Math.Abs) > 0);
        }
    }

    [Fact]
    public void A_users_row_is_his_history_folded_in()
    {
        var r = SparseMatrices.Random(300, 120, 0.1, seed: 8);
        var factors = TruncatedSvd.Decompose(r, new() { Rank = 24, IterationsMax = 1 },
            TestContext.Current.CancellationToken);
        for (var user = 0; user < r.Rows; user++)
        {
            for (var i = 0; i < 24; i++)
            {
                var folded = 0.0;
                for (var p = r.Starts[user]; p < r.Starts[user + 1]; p++)
                {
                    folded += r.Values[p] * factors.V[(r.Indices[p] * 24) + i];
                }

                Assert.Equal(folded, factors.UserVectors[(user * 24) + i], 1e-4);
            }
        }
    }

    [Fact]
    public void A_matrix_of_lower_rank_gives_no_more_than_it_has()
    {
        var dense = new float[30, 20];
        for (var row = 0; row < 30; row++)
        {
            for (var column = 0; column < 20; column++)
            {
                dense[row, column] = (row % 3 == 0 ? column + 1 : 0) + (row % 5 == 1 ? 20 - column : 0);
            }
        }

        var factors = TruncatedSvd.Decompose(CsrMatrix.FromDense(dense), Exact with { Rank = 9 },
            TestContext.Current.CancellationToken);
        Assert.Equal(2, factors.Rank);
        Assert.Equal(2 * 20, factors.V.Length);
    }

    [Fact]
    public void Singular_values_that_repeat_more_often_than_a_block_is_wide_are_all_found()
    {
        // Half the users buy one item three times, the others one once: 40 singular values of 3, 60 of 1.
        var r = new CsrMatrix(100, 100, [.. Enumerable.Range(0, 101).Select(i => (long)i)],
            [.. Enumerable.Range(0, 100)], [.. Enumerable.Range(0, 100).Select(i => i < 40 ? 3f : 1f)]);
        var factors = TruncatedSvd.Decompose(r, Exact with { Rank = 48, BlockWidth = 16 }, default);
        Assert.Equal(Enumerable.Range(0, 48).Select(i => i < 40 ? 3.0 : 1.0),
            factors.SingularValues.Select(s => Math.Round(s, 4)));
    }

    [Theory]
    [InlineData(70)]
    [InlineData(100)]
    [InlineData(150)]
    [InlineData(200)]
    public void Few_items_fill_the_basis_and_are_factorised_as_the_dense_reference_does(int items)
    {
        var r = SparseMatrices.Random(600, items, 0.05, seed: items);
        var plain = DenseSvd.Decompose(r.ToDense());
        var options = new SvdOptions { Rank = 64, Tolerance = 0.02 };
        var cold = TruncatedSvd.Decompose(r, options, default);
        Assert.All([null, cold.V, new float[64 * items], [.. Enumerable.Repeat(1f, 64 * items)]], (float[]? start) =>
        {
            var factors = TruncatedSvd.Decompose(r, options with { Start = start }, default);
            var values = factors.SingularValues.OrderDescending().ToArray();
            for (var i = 0; i < 64; i++)
            {
                Assert.Equal(plain.SingularValues[i], values[i], 0.02 * plain.SingularValues[0]);
                for (var j = 0; j <= i; j++)
                {
                    var product = Enumerable.Range(0, items)
                        .Sum(row => (double)factors.V[(row * 64) + i] * factors.V[(row * 64) + j]);
                    Assert.Equal(i == j ? 1 : 0, product, 1e-4);
                }
            }
        });
    }

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(1e18f)]
    public void A_matrix_out_of_the_range_of_floats_is_refused(float value)
    {
        var r = new CsrMatrix(2, 2, [0, 1, 2], [0, 1], [value, value]);
        var refused = Assert.Throws<RefusedException>(() => TruncatedSvd.Decompose(r, new() { Rank = 1 }, default));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
    }

    [Fact]
    public void A_narrow_basis_that_restarts_finds_the_same_values()
    {
        var r = SparseMatrices.Random(3_000, 700, 0.02, seed: 12);
        var narrow = TruncatedSvd.Decompose(r, Exact with { Rank = 16, BlockWidth = 16 }, default);
        var wide = TruncatedSvd.Decompose(r, Exact with { Rank = 16, BlockWidth = 64 }, default);
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(wide.SingularValues[i], narrow.SingularValues[i], wide.SingularValues[0] * 1e-5);
        }
    }

    [Fact]
    public void A_tighter_tolerance_gives_a_smaller_residual()
    {
        var r = SparseMatrices.Random(2_000, 500, 0.02, seed: 6);
        var loose = TruncatedSvd.Decompose(r, new() { Rank = 16, Tolerance = 0.3 }, default);
        var tight = TruncatedSvd.Decompose(r, new() { Rank = 16, Tolerance = 1e-3 }, default);
        Assert.InRange(loose.Residual, 1e-3, 0.3);
        Assert.InRange(tight.Residual, 0, 1e-3);
        Assert.True(tight.Iterations > loose.Iterations);
    }

    [Fact]
    public void A_retrain_after_one_percent_of_new_entries_needs_a_third_of_the_passes_and_keeps_order_and_signs()
    {
        var before = SparseMatrices.Grouped(2_000, 600, seed: 3);
        var after = SparseMatrices.WithMore(before, share: 0.01, seed: 4);
        var options = new SvdOptions { Rank = 16, Tolerance = 0.02 };
        var first = TruncatedSvd.Decompose(before, options, default);
        var turned = first with { V = Turned(first.V, 16, [0, 3, 7]) };
        var cold = TruncatedSvd.Decompose(after, options, default);
        var warm = TruncatedSvd.Decompose(after, options with { Start = turned.V }, default);
        Assert.InRange(warm.Residual, 0, 0.02);
        Assert.True(3 * warm.Iterations <= cold.Iterations, $"{warm.Iterations} passes, cold {cold.Iterations}");
        for (var factor = 0; factor < 8; factor++)
        {
            var cosine = Enumerable.Range(0, 600).Sum(i => (double)turned.V[(i * 16) + factor] * warm.V[(i * 16) + factor]);
            Assert.InRange(cosine, 0.9, 1.001);
        }
    }

    [Fact]
    public void A_warm_start_finds_what_is_new_and_has_nothing_to_do_with_the_old()
    {
        var old = SparseMatrices.Random(300, 100, 0.1, seed: 2).ToDense();
        var (before, after) = (new float[500, 160], new float[500, 160]);
        for (var user = 0; user < 300; user++)
        {
            for (var item = 0; item < 100; item++)
            {
                before[user, item] = after[user, item] = (float)old[user, item];
            }
        }

        for (var user = 300; user < 500; user++)
        {
            for (var item = 100; item < 160; item++)
            {
                after[user, item] = 2; // New users who all buy the new items.
            }
        }

        var first = TruncatedSvd.Decompose(CsrMatrix.FromDense(before), new() { Rank = 8 }, default);
        var warm = TruncatedSvd.Decompose(
            CsrMatrix.FromDense(after), Exact with { Rank = 8, Start = first.V }, default);
        var plain = DenseSvd.Decompose(CsrMatrix.FromDense(after).ToDense());
        Assert.Equal(plain.SingularValues.Take(8).Select(s => Math.Round(s, 2)),
            warm.SingularValues.OrderDescending().Select(s => Math.Round(s, 2)));
    }

    [Fact]
    public void A_single_entry_is_factorised()
    {
        var factors = TruncatedSvd.Decompose(new CsrMatrix(2, 3, [0, 0, 1], [2], [4f]), Exact with { Rank = 2 },
            default);
        Assert.Equal([4.0], factors.SingularValues.Select(s => Math.Round(s, 5)));
        Assert.Equal([0.0, 0, 1], factors.V.Select(v => Math.Round(v, 5) + 0.0));
        Assert.Equal([0.0, 4], factors.UserVectors.Select(u => Math.Round(u, 5) + 0.0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_rank_that_the_matrix_cannot_have_is_refused(int rank)
    {
        var r = SparseMatrices.Random(10, 3, 0.9, seed: 1);
        var refused = Assert.Throws<RefusedException>(() => TruncatedSvd.Decompose(r, new() { Rank = rank }, default));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        Assert.Contains("1 to 3", refused.Refusal.Detail);
    }

    [Fact]
    public void A_matrix_without_an_entry_is_refused()
    {
        var refused = Assert.Throws<RefusedException>(() =>
            TruncatedSvd.Decompose(new CsrMatrix(3, 3, [0, 0, 0, 1], [1], [0f]), new() { Rank = 1 }, default));
        Assert.Equal(RefusalCodes.TooLittleData, refused.Refusal.Code);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        var r = SparseMatrices.Random(10, 3, 0.9, seed: 1);
        foreach (var options in new SvdOptions[]
        {
            new() { Rank = 2, Start = [1, 2] }, new() { Rank = 2, Start = [1, 2, float.NaN] },
            new() { Rank = 2, BlockWidth = 8 }, new() { Rank = 2, BlockWidth = 1 << 20 },
            new() { Rank = 2, Threads = 0 }, new() { Rank = 2, Tolerance = double.NaN },
            new() { Rank = 2, IterationsMax = 0 }, new() { Rank = 2, Device = (SvdDevice)9 },
        })
        {
            var refused = Assert.Throws<RefusedException>(() => TruncatedSvd.Decompose(r, options, default));
            Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        }
    }

    [Fact]
    public void A_cancelled_decomposition_stops()
    {
        var r = SparseMatrices.Random(300, 120, 0.1, seed: 8);
        Assert.ThrowsAny<OperationCanceledException>(
            () => TruncatedSvd.Decompose(r, new() { Rank = 8 }, new(canceled: true)));
    }

    private static float[] Turned(float[] v, int width, int[] columns)
    {
        var turned = (float[])v.Clone();
        for (var i = 0; i < v.Length; i++)
        {
            turned[i] = columns.Contains(i % width) ? -v[i] : v[i];
        }

        return turned;
    }
}
