namespace CouponGrains.Training.Models;

/// <summary>The solver's products on the processor: the compressed rows of R, SIMD kernels, all cores.</summary>
public sealed class CpuSvd : ISvdBackend<TallMatrix>
{
    private readonly CsrMatrix _r;
    private readonly GramProduct _gram;
    private readonly ParallelOptions _parallel;
    private readonly List<TallMatrix> _free = [];

    /// <summary>Over <paramref name="r"/>, users × items.</summary>
    public CpuSvd(CsrMatrix r, int threads, CancellationToken cancel)
    {
        (_r, _gram) = (r, new(r));
        _parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Name = $"cpu, {(threads < 0 ? Environment.ProcessorCount : threads)} threads";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Users => _r.Rows;

    /// <inheritdoc/>
    public int Items => _r.Columns;

    /// <inheritdoc/>
    public TallMatrix ItemBlock(int width) => Block(_r.Columns, width);

    /// <inheritdoc/>
    public TallMatrix UserBlock(int width) => Block(_r.Rows, width);

    /// <inheritdoc/>
    public void Free(TallMatrix block) => _free.Add(block);

    /// <inheritdoc/>
    public void Write(TallMatrix block, float[] values) => values.CopyTo(block.Values, 0);

    /// <inheritdoc/>
    public float[] Read(TallMatrix block, int columns) => block.Left(columns);

    /// <inheritdoc/>
    public void Multiply(TallMatrix x, TallMatrix y) => SparseProduct.Multiply(_r, x, y, _parallel);

    /// <inheritdoc/>
    public void MultiplyGram(TallMatrix x, TallMatrix y) => _gram.Multiply(x, y, _parallel);

    /// <inheritdoc/>
    public double[,] Gram(TallMatrix a) => TallProduct.Gram(a, a, _parallel);

    /// <inheritdoc/>
    public double[,] Cross(TallMatrix a, TallMatrix b) => TallProduct.Cross(a, b, _parallel);

    /// <inheritdoc/>
    public void Combine(TallMatrix a, double[,] w, int firstRow, TallMatrix y, bool adds) =>
        TallProduct.Multiply(a, w, firstRow, y, adds, _parallel);

    /// <inheritdoc/>
    public void Dispose() => _gram.Dispose();

    private TallMatrix Block(int rows, int width)
    {
        var found = _free.FindIndex(b => b.Rows == rows && b.Width == width);
        if (found < 0)
        {
            return new(rows, width);
        }

        var block = _free[found];
        _free.RemoveAt(found);
        return block;
    }
}
