using System.Globalization;
using System.Runtime.InteropServices;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>Solvers of scikit-learn and scipy, each run in a Python process of its own; the time it tells is that of
/// the solver alone, with R in memory as compressed rows.</summary>
internal sealed class PythonSvd : IDisposable
{
    private const string Begin = """
        import sys, time
        import numpy as np, scipy.sparse as sp
        folder, m, n, k = sys.argv[1], *map(int, sys.argv[2:5])
        load = lambda name, kind: np.fromfile(f"{folder}/{name}", kind)
        r = sp.csr_matrix((load("values", np.float32), load("indices", np.int32), load("starts", np.int64)), (m, n))

        """;

    private const string Randomized = """
        from sklearn.decomposition import TruncatedSVD
        begin = time.perf_counter()
        v = TruncatedSVD(k, algorithm="randomized", n_iter=5, random_state=1).fit(r).components_

        """;

    private const string Arpack = """
        from scipy.sparse.linalg import svds
        begin = time.perf_counter()
        v = svds(r, k, random_state=1)[2]

        """;

    private const string End = """
        print(time.perf_counter() - begin)
        np.ascontiguousarray(v.T.astype(np.float32)).tofile(f"{folder}/v")
        """;

    private readonly CsrMatrix _matrix;
    private readonly string _python;
    private readonly DirectoryInfo _folder;

    private PythonSvd(CsrMatrix matrix, string python)
    {
        (_matrix, _python) = (matrix, python);
        _folder = Directory.CreateTempSubdirectory("svd");
        Write("values", MemoryMarshal.AsBytes(matrix.Values.AsSpan()));
        Write("indices", MemoryMarshal.AsBytes(matrix.Indices.AsSpan()));
        Write("starts", MemoryMarshal.AsBytes(matrix.Starts.AsSpan()));
    }

    /// <summary>Null, with the reason, where no Python with both libraries is found.</summary>
    public static (PythonSvd? Solver, string Reason) Find(CsrMatrix matrix)
    {
        const string Versions = "import numpy, scipy, sklearn; print('scikit-learn', sklearn.__version__, 'scipy', "
            + "scipy.__version__, 'numpy', numpy.__version__)";
        return Python.Find(Versions) is { } found
            ? (new(matrix, found.Python), found.Versions)
            : (null, "no python3 with numpy, scipy and sklearn (Debian: apt install python3-sklearn)");
    }

    /// <summary>Seconds, and V, of <c>TruncatedSVD(k, algorithm="randomized", n_iter=5)</c>.</summary>
    public (double Seconds, float[] V) RunRandomized(int rank) => Run(Randomized, rank);

    /// <summary>Seconds, and V, of <c>svds</c>, which is ARPACK's Lanczos.</summary>
    public (double Seconds, float[] V) RunArpack(int rank) => Run(Arpack, rank);

    public void Dispose() => _folder.Delete(recursive: true);

    private (double Seconds, float[] V) Run(string script, int rank)
    {
        var (code, output) = Python.Start(_python, "-c", Begin + script + End, _folder.FullName, $"{_matrix.Rows}",
            $"{_matrix.Columns}", $"{rank}");
        return code == 0
            ? (double.Parse(output, CultureInfo.InvariantCulture),
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(_folder.FullName, "v"))).ToArray())
            : throw new InvalidOperationException($"Python ended with {code}.");
    }

    private void Write(string name, ReadOnlySpan<byte> bytes) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, name), bytes);
}
