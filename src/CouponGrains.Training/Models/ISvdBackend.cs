namespace CouponGrains.Training.Models;

/// <summary>Where the products of the solver run. A block is a dense matrix with few columns that stays on the device:
/// one over the items (n rows) or over the users (m rows); widths are multiples of 16.</summary>
/// <typeparam name="TBlock">The device's blocks.</typeparam>
public interface ISvdBackend<TBlock> : IDisposable
{
    /// <summary>What ran, for people and for the manifest, for example <c>cpu, 2 threads</c>.</summary>
    string Name { get; }

    /// <summary>m, users.</summary>
    int Users { get; }

    /// <summary>n, items.</summary>
    int Items { get; }

    /// <summary>A block over the items, its values undefined.</summary>
    TBlock ItemBlock(int width);

    /// <summary>A block over the users, its values undefined.</summary>
    TBlock UserBlock(int width);

    /// <summary>Gives a block back whose values are not needed any more.</summary>
    void Free(TBlock block);

    /// <summary>Copies values in, row by row.</summary>
    void Write(TBlock block, float[] values);

    /// <summary>The first <paramref name="columns"/> columns, row by row.</summary>
    float[] Read(TBlock block, int columns);

    /// <summary>Y = R X, from items to users.</summary>
    void Multiply(TBlock x, TBlock y);

    /// <summary>Y = Rᵀ (R X), from items to items.</summary>
    void MultiplyGram(TBlock x, TBlock y);

    /// <summary>Aᵀ A, summed in double.</summary>
    double[,] Gram(TBlock a);

    /// <summary>Aᵀ B, as exact as A and B.</summary>
    double[,] Cross(TBlock a, TBlock b);

    /// <summary>Y ← A W or, if <paramref name="adds"/>, Y + A W, with the rows of W from <paramref name="firstRow"/>
    /// on.</summary>
    void Combine(TBlock a, double[,] w, int firstRow, TBlock y, bool adds);
}
