using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CouponGrains.Training.Models;

/// <summary>The solver's products in torch, on a GPU or, to hold the two against each other, on the processor. R and Rᵀ
/// lie there as compressed rows; blocks stay there.</summary>
public sealed class TorchSvd : ISvdBackend<Tensor>
{
    private const string Script = """
        def csr(starts: Tensor, columns: Tensor, values: Tensor, width: Tensor) -> Tensor:
            return torch.sparse_csr_tensor(starts, columns, values, [starts.size(0) - 1, int(width)])

        """;

    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    // Held, since the library's own would be free for the collector while native code reads it; made once the library
    // is loaded.
    private static readonly Lazy<TorchSharp.Scalar> One = new(() => 1f);

    private readonly Tensor _r;
    private readonly Tensor _transpose;
    private readonly Device _device;

    /// <summary>Copies <paramref name="r"/> to the device.</summary>
    public TorchSvd(CsrMatrix r, Device device)
    {
        LibTorchLoader.Ensure();
        (Users, Items, _device) = (r.Rows, r.Columns, device);
        (_r, _transpose) = (Rows(r, device), Rows(r.Transpose(), device));
        Name = $"torch {device}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Users { get; }

    /// <inheritdoc/>
    public int Items { get; }

    /// <summary>The matrix as compressed rows of torch.</summary>
    public static Tensor Rows(CsrMatrix r, Device device)
    {
        using var scope = NewDisposeScope();
        return ((Tensor)Compiled.Value.invoke("csr", tensor(r.Starts).to(device), tensor(r.Indices).to(int64).to(device),
            tensor(r.Values).to(device), tensor((long)r.Columns))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor ItemBlock(int width) => empty([Items, width], ScalarType.Float32, _device);

    /// <inheritdoc/>
    public Tensor UserBlock(int width) => empty([Users, width], ScalarType.Float32, _device);

    /// <inheritdoc/>
    public void Free(Tensor block) => block.Dispose();

    /// <inheritdoc/>
    public void Write(Tensor block, float[] values)
    {
        using var scope = NewDisposeScope();
        block.copy_(tensor(values).reshape(block.shape));
    }

    /// <inheritdoc/>
    public float[] Read(Tensor block, int columns)
    {
        using var scope = NewDisposeScope();
        return block.narrow(1, 0, columns).contiguous().cpu().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Multiply(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        y.copy_(_r.mm(x));
    }

    /// <inheritdoc/>
    public void MultiplyGram(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        y.copy_(_transpose.mm(_r.mm(x)));
    }

    /// <inheritdoc/>
    public double[,] Gram(Tensor a)
    {
        using var scope = NewDisposeScope();
        var wide = a.to(ScalarType.Float64);
        return Small(wide.t().mm(wide));
    }

    /// <inheritdoc/>
    public double[,] Cross(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return Small(a.t().mm(b).to(ScalarType.Float64));
    }

    /// <inheritdoc/>
    public void Combine(Tensor a, double[,] w, int firstRow, Tensor y, bool adds)
    {
        using var scope = NewDisposeScope();
        var weights = tensor(w).narrow(0, firstRow, a.shape[1]).narrow(1, 0, y.shape[1])
            .to(ScalarType.Float32).to(_device);
        var product = a.mm(weights);
        _ = adds ? y.add_(product, One.Value) : y.copy_(product);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _r.Dispose();
        _transpose.Dispose();
    }

    private static double[,] Small(Tensor tensor)
    {
        var small = new double[tensor.shape[0], tensor.shape[1]];
        tensor.contiguous().cpu().data<double>().ToArray()
            .CopyTo(MemoryMarshal.CreateSpan(ref small[0, 0], small.Length));
        return small;
    }
}
