using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>scikit-learn's <c>TruncatedSVD</c> in a Python process of its own; the time it tells is that of <c>fit</c>
/// alone.</summary>
internal sealed class ScikitSvd : IDisposable
{
    private const string Script = """
        import sys, time
        import numpy as np, scipy.sparse as sp
        from sklearn.decomposition import TruncatedSVD
        folder, m, n, k = sys.argv[1], *map(int, sys.argv[2:5])
        load = lambda name, kind: np.fromfile(f"{folder}/{name}", kind)
        r = sp.csr_matrix((load("values", np.float32), load("indices", np.int32), load("starts", np.int64)), (m, n))
        begin = time.perf_counter()
        svd = TruncatedSVD(k, algorithm="randomized", n_iter=5, random_state=1).fit(r)
        print(time.perf_counter() - begin)
        np.ascontiguousarray(svd.components_.T.astype(np.float32)).tofile(f"{folder}/v")
        """;

    private readonly CsrMatrix _matrix;
    private readonly string _python;
    private readonly DirectoryInfo _folder;

    private ScikitSvd(CsrMatrix matrix, string python)
    {
        (_matrix, _python) = (matrix, python);
        _folder = Directory.CreateTempSubdirectory("svd");
        Write("values", MemoryMarshal.AsBytes(matrix.Values.AsSpan()));
        Write("indices", MemoryMarshal.AsBytes(matrix.Indices.AsSpan()));
        Write("starts", MemoryMarshal.AsBytes(matrix.Starts.AsSpan()));
    }

    /// <summary>Null, with the reason, where no Python with scikit-learn is found.</summary>
    public static (ScikitSvd? Solver, string Reason) Find(CsrMatrix matrix)
    {
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            if (Start(python, "-c", "import numpy, scipy, sklearn; print(sklearn.__version__)") is { Code: 0 } found)
            {
                return (new(matrix, python), $"scikit-learn {found.Output.Trim()}");
            }
        }

        return (null, "no python3 with numpy, scipy and sklearn (Debian: apt install python3-sklearn)");
    }

    /// <summary>Seconds of <c>fit</c>, and V.</summary>
    public (double Seconds, float[] V) Run(int rank)
    {
        var (code, output) = Start(_python, "-c", Script, _folder.FullName, $"{_matrix.Rows}", $"{_matrix.Columns}",
            $"{rank}");
        return code == 0
            ? (double.Parse(output, CultureInfo.InvariantCulture),
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(_folder.FullName, "v"))).ToArray())
            : throw new InvalidOperationException($"Python ended with {code}.");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, ReadOnlySpan<byte> bytes) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, name), bytes);

    private static (int Code, string Output) Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
