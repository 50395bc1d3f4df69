using CouponGrains.Domain;
using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class SparseProductTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(80)]
    [InlineData(113)]
    [InlineData(272)]
    public void The_fast_product_equals_the_plain_one_at_any_width(int width)
    {
        var a = SparseMatrices.Random(301, 157, 0.05, seed: width);
        var x = SparseMatrices.Dense(157, width, seed: 2);
        var (fast, plain) = (new TallMatrix(301, width), new TallMatrix(301, width));
        SparseProduct.Multiply(a, x, fast, SparseMatrices.Threads(2));
        SparseProduct.MultiplyPlain(a, x, plain);
        for (var i = 0; i < plain.Values.Length; i++)
        {
            Assert.Equal(plain.Values[i], fast.Values[i], 1e-4f);
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(80)]
    public void The_product_with_the_matrix_and_its_transpose_equals_the_plain_one(int width)
    {
        var a = SparseMatrices.Random(301, 157, 0.05, seed: width);
        var x = SparseMatrices.Dense(157, width, seed: 2);
        var (users, plain, fast) = (new TallMatrix(301, width), new TallMatrix(157, width), new TallMatrix(157, width));
        SparseProduct.MultiplyPlain(a, x, users);
        SparseProduct.MultiplyPlain(a.Transpose(), users, plain);
        using var gram = new GramProduct(a);
        gram.Multiply(x, fast, SparseMatrices.Threads(2));
        for (var i = 0; i < plain.Values.Length; i++)
        {
            Assert.Equal(plain.Values[i], fast.Values[i], 1e-3f);
        }

        var again = new TallMatrix(157, width);
        gram.Multiply(x, again, SparseMatrices.Threads(7));
        Assert.Equal(fast.Values, again.Values);
    }

    [Fact]
    public void The_product_is_the_same_bit_for_bit_with_one_thread_and_with_many()
    {
        var a = SparseMatrices.Random(1_000, 200, 0.03, seed: 5);
        var x = SparseMatrices.Dense(200, 80, seed: 6);
        var (one, many) = (new TallMatrix(1_000, 80), new TallMatrix(1_000, 80));
        SparseProduct.Multiply(a, x, one, SparseMatrices.Threads(1));
        SparseProduct.Multiply(a, x, many, SparseMatrices.Threads(7));
        Assert.Equal(one.Values, many.Values);
    }

    [Fact]
    public void The_transpose_has_rows_and_columns_exchanged()
    {
        var a = SparseMatrices.Random(40, 23, 0.2, seed: 3);
        var (dense, turned) = (a.ToDense(), a.Transpose().ToDense());
        for (var row = 0; row < 40; row++)
        {
            for (var column = 0; column < 23; column++)
            {
                Assert.Equal(dense[row, column], turned[column, row]);
            }
        }

        Assert.Same(a, a.Transpose().Transpose());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.5f)]
    public void A_value_that_is_not_finite_or_negative_is_refused_naming_its_row(float value)
    {
        var refused = Assert.Throws<RefusedException>(() => new CsrMatrix(2, 2, [0, 1, 2], [0, 1], [1f, value]));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
        Assert.Contains("Row 1, column 1", refused.Refusal.Detail);
    }

    [Fact]
    public void Rows_that_end_before_they_begin_or_behind_the_entries_make_no_matrix()
    {
        Assert.Throws<ArgumentException>(() => new CsrMatrix(3, 2, [0, 2, 1, 2], [0, 1], [1f, 1f]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix(2, 2, [0, 9, 2], [0, 1], [1f, 1f]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix(-1, 2, [], [], []));
    }

    [Fact]
    public void Columns_out_of_range_or_out_of_order_are_refused()
    {
        Assert.Throws<RefusedException>(() => new CsrMatrix(1, 2, [0, 1], [2], [1f]));
        Assert.Throws<RefusedException>(() => new CsrMatrix(1, 3, [0, 2], [2, 1], [1f, 1f]));
        Assert.Throws<RefusedException>(() => new CsrMatrix(1, 3, [0, 2], [1, 1], [1f, 1f]));
    }
}
