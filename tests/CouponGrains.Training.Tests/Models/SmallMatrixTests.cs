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
        var turned = new TallMatrix(333, 48);
        TallProduct.Rotate(a, gram, turned, SparseMatrices.Threads(3));
        for (var i = 0; i < 48; i++)
        {
            for (var j = 0; j < 48; j++)
            {
                Assert.Equal(Enumerable.Range(0, 333).Sum(row => (double)a.Row(row)[i] * b.Row(row)[j]), gram[i, j],
                    1e-10);
            }

            Assert.Equal(Enumerable.Range(0, 48).Sum(j => a.Row(7)[j] * gram[j, i]), turned.Row(7)[i], 1e-3);
        }
    }

    [Fact]
    public void Orthonormal_columns_span_what_was_there_and_dependent_ones_become_zero()
    {
        var y = SparseMatrices.Dense(200, 16, seed: 4);
        for (var row = 0; row < 200; row++)
        {
            y.Row(row)[5] = 2 * y.Row(row)[1];
            y.Row(row)[9] = 0;
            y.Row(row)[12] *= 1e-6f;
        }

        var parallel = SparseMatrices.Threads(2);
        Orthonormal.Columns(y, new(200, 16), parallel);
        var gram = TallProduct.Gram(y, y, parallel);
        for (var i = 0; i < 16; i++)
        {
            for (var j = 0; j < 16; j++)
            {
                Assert.Equal(i == j && i is not (5 or 9) ? 1 : 0, gram[i, j], 1e-5);
            }
        }
    }
}
