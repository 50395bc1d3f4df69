using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>The same search in NumPy and in Faiss, in one Python process with one thread that waits between rounds. The
/// times are those of the search alone.</summary>
internal sealed class PythonScan : IDisposable
{
    private const string Script = """
        import sys, time
        import numpy as np
        folder, offers, rank, count = sys.argv[1], *map(int, sys.argv[2:5])
        load = lambda name: np.fromfile(f"{folder}/{name}", np.float32).reshape(-1, rank)
        rows, tastes = load("rows"), load("tastes")
        def with_numpy(u):
            scores = rows @ u
            best = np.argpartition(-scores, count)[:count]
            return best[np.argsort(-scores[best], kind="stable")]
        functions = {"numpy": with_numpy}
        try:
            import faiss
            faiss.omp_set_num_threads(1)
            index = faiss.IndexFlatIP(rank)
            index.add(rows)
            functions["faiss"] = lambda u: index.search(u[None, :], count)[1][0]
        except ImportError:
            pass
        print(np.__version__, faiss.__version__ if "faiss" in functions else "", flush=True)
        for line in sys.stdin:
            name, calls = line.split()
            if name == "best":
                print(*[int(i) for i in functions[calls](tastes[0])], flush=True)
                continue
            search, times = functions[name], []
            for call in range(int(calls)):
                u = tastes[call % len(tastes)]
                begin = time.perf_counter()
                search(u)
                times.append((time.perf_counter() - begin) * 1e6)
            print(*times, flush=True)
        """;

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PythonScan(DirectoryInfo folder, Process process, string[] versions)
    {
        (_folder, _process) = (folder, process);
        (NumPy, Faiss) = (versions[0], versions is [_, { Length: > 0 } faiss] ? faiss : null);
    }

    /// <summary>The version of NumPy.</summary>
    public string NumPy { get; }

    /// <summary>The version of Faiss; null where it is missing.</summary>
    public string? Faiss { get; }

    /// <summary>Null where no Python with NumPy is found.</summary>
    public static PythonScan? Start(float[] rows, float[] tastes, int rank, int count)
    {
        var folder = Directory.CreateTempSubdirectory("scan");
        File.WriteAllBytes(Path.Combine(folder.FullName, "rows"), MemoryMarshal.AsBytes(rows.AsSpan()));
        File.WriteAllBytes(Path.Combine(folder.FullName, "tastes"), MemoryMarshal.AsBytes(tastes.AsSpan()));
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            var process = Begin(python, "-c", Script, folder.FullName, $"{rows.Length / rank}", $"{rank}", $"{count}");
            if (process?.StandardOutput.ReadLine() is { } versions)
            {
                return new(folder, process, versions.Split(' '));
            }

            process?.Dispose();
        }

        folder.Delete(recursive: true);
        return null;
    }

    /// <summary>Microseconds of each call.</summary>
    public double[] Time(string function, int calls) => Array.ConvertAll(
        Ask($"{function} {calls}"), time => double.Parse(time, CultureInfo.InvariantCulture));

    /// <summary>What a function finds for the first taste.</summary>
    public int[] Best(string function) => Array.ConvertAll(
        Ask($"best {function}"), place => int.Parse(place, CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()?.Split(' ')
            ?? throw new InvalidOperationException("Python ended before it had answered.");
    }

    private static Process? Begin(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // One core; and the kernel that OpenBLAS chooses itself.
        (start.Environment["OMP_NUM_THREADS"], start.Environment["OPENBLAS_NUM_THREADS"]) = ("1", "1");
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
