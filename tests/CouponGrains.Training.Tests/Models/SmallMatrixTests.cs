using CouponGrains.Training.Models;

namespace CouponGrains.Training.Tests.Models;

public sealed class SmallMatrixTests
{
    [Fact]
    public void Eigenvectors_turn_the_matrix_into_its_eigenvalues()
    {
        var block = SparseMatrices.Dense(50, 32, seed: 1);
        var h = TallProduct.Gram(block, block, SparseMatrices.Threads(2));
        var (values, vectors) = SymmetricEigen.Decompose(h);
        for (var column = 0; column < 32; column++)
        {
            Assert.True(column == 0 || values[column] <= values[column - 1]);
            for (var row = 0; row < 32; row++)
            {
                var product = Enumerable.Range(0, 32).Sum(j => h[row, j] * vectors[j, column]);
                Assert.Equal(values[column] * vectors[row, column], product, values[0] * 1e-12);
            }
        }
    }

    [Fact]
    public void The_gram_matrix_and_the_rotation_equal_their_definitions()
    {
        var (a, b) = (SparseMatrices.Dense(333, 48, seed: 2), SparseMatrices.Dense(333, 48, seed: 3));
        var gram = TallProduct.Gram(a, b, SparseMatrices.Threads(3));
        var cross = TallProduct.Cross(a, b, SparseMatrices.Threads(3));
        var (turned, added) = (new TallMatrix(333, 48), SparseMatrices.Dense(333, 48, seed: 4));
        var before = added.Row(7).ToArray();
        TallProduct.Multiply(a, gram, 0, turned, adds: false, SparseMatrices.Threads(3));
        TallProduct.Multiply(a, gram, 0, added, adds: true, SparseMatrices.Threads(3));
        for (var i = 0; i < 48; i++)
        {
            for (var j = 0; j < 48; j++)
            {
                Assert.Equal(Enumerable.Range(0, 333).Sum(row => (double)a.Row(row)[i] * b.Row(row)[j]), gram[i, j],
                    1e-10);
                Assert.Equal(gram[i, j], cross[i, j], 1e-4);
            }

            Assert.Equal(Enumerable.Range(0, 48).Sum(j => a.Row(7)[j] * gram[j, i]), turned.Row(7)[i], 1e-3);
            Assert.Equal(before[i] + turned.Row(7)[i], added.Row(7)[i], 1e-3f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(90)]
    public void The_eigenvalues_equal_those_of_the_dense_reference(int size)
    {
        var block = SparseMatrices.Random(size + 5, size, 0.5, seed: size).ToDense();
        var gram = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                gram[i, j] = Enumerable.Range(0, size + 5).Sum(row => block[row, i] * block[row, j]);
            }
        }

        var (values, _) = SymmetricEigen.Decompose(gram);
        var plain = DenseSvd.Decompose(block).SingularValues;
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(plain[i] * plain[i], values[i], 1e-9);
        }
    }

    [Fact]
    public void Eigenvalues_may_be_negative_and_repeated()
    {
        var (values, _) = SymmetricEigen.Decompose(new double[,] { { 0, 2, 0 }, { 2, 0, 0 }, { 0, 0, 2 } });
        Assert.Equal([2, 2, -2], values.Select(v => Math.Round(v, 12)));
    }

    [Fact]
    public void A_matrix_that_is_not_finite_is_an_error_and_no_endless_loop()
    {
        Assert.Throws<ArithmeticException>(() => SymmetricEigen.Decompose(new[,] { { 1, double.NaN }, { 0, 1 } }));
    }

    [Fact]
    public void Whitened_columns_are_orthonormal_and_dependent_ones_become_zero()
    {
        var y = SparseMatrices.Dense(200, 16, seed: 4);
        for (var row = 0; row < 200; row++)
        {
            y.Row(row)[5] = 2 * y.Row(row)[1];
            y.Row(row)[9] = 0;
            y.Row(row)[12] *= 1e-6f;
        }

        var parallel = SparseMatrices.Threads(2);
        var white = new TallMatrix(200, 16);
        TallProduct.Multiply(
            y, Orthonormal.Whitening(TallProduct.Gram(y, y, parallel)), 0, white, adds: false, parallel);
        var gram = TallProduct.Gram(white, white, parallel);
        for (var i = 0; i < 16; i++)
        {
            for (var j = 0; j < 16; j++)
            {
                Assert.Equal(i == j && i is not (5 or 9) ? 1 : 0, gram[i, j], 1e-5);
            }
        }
    }
}
