using System.Diagnostics;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>Truncated SVD by several solvers on one matrix, in turns. The residual is measured by us, for all in the
/// same way: <c>‖R − R V Vᵀ‖_F / ‖R‖_F</c> with V as the solver gave it.</summary>
internal static class SvdBenchmark
{
    /// <summary>Power iterations of the randomised solvers (scikit-learn's <c>n_iter</c>); ours stops by its
    /// residual.</summary>
    private const int Iterations = 5;

    public static int Run(Arguments args)
    {
        var (rank, rounds, seed) = (args.Number("--rank", 64), args.Number("--rounds", 3), args.Number("--seed", 1));
        var matrix = GeneratedBehaviour.Make(
            args.Number("--users", 138_493), args.Number("--items", 26_744), args.Number("--entries", 9_500_000), seed);
        var title = $"{matrix.Rows:N0} x {matrix.Columns:N0}, {matrix.NonZeros:N0} entries, rank {rank}, seed {seed}, "
            + $"{Environment.ProcessorCount} cores, {rounds} rounds in turns";
        Console.WriteLine(title);
        using var torchs = new TorchRandomized(matrix);
        var (python, reason) = PythonSvd.Find(matrix);
        Console.WriteLine(python is null ? $"scikit-learn and ARPACK are left out: {reason}" : reason);
        var ours = new Solver("ours", () => Timed(() => TruncatedSvd.Decompose(matrix, new() { Rank = rank }, default).V));
        var solvers = new List<Solver>
        {
            ours, new("torch, sparse rows, randomised", () => Timed(() => torchs.RightVectors(rank, Iterations))),
        };
        if (python is not null)
        {
            solvers.Add(new("scikit-learn, randomized", () => python.RunRandomized(rank)));
            solvers.Add(new("scipy, ARPACK", () => python.RunArpack(rank)));
        }

        WarmUp(ours);
        for (var round = 0; round < rounds; round++)
        {
            solvers.ForEach(solver => solver.Run());
        }

        var table = new Table(["solver", "#median s", "#least s", "#most s", "#times ours", "#relative residual"]);
        foreach (var solver in solvers)
        {
            table.Add(solver.Name, $"{solver.Median:F3}", $"{solver.Seconds.Min():F3}", $"{solver.Seconds.Max():F3}",
                $"{solver.Median / ours.Median:F1}", $"{Residual(matrix, solver.V, rank):F6}");
        }

        table.Print();
        if (args.Text("--out") is { } folder)
        {
            table.Write(Path.Combine(folder, "svd.md"), title);
            Charts.Bars(Path.Combine(folder, "svd.svg"), "Truncated SVD, seconds", solvers.ConvertAll(s => (s.Name, s.Median)));
        }

        python?.Dispose();
        return 0;
    }

    // The runtime compiles a loop again once it is known to be hot.
    private static void WarmUp(Solver ours)
    {
        for (var i = 0; i < 5; i++)
        {
            ours.Run();
        }

        ours.Seconds.Clear();
    }

    private static (double Seconds, float[] V) Timed(Func<float[]> solve)
    {
        var begin = Stopwatch.GetTimestamp();
        var v = solve();
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, v);
    }

    // For V with orthonormal columns, ‖R − R V Vᵀ‖² = ‖R‖² − ‖R V‖².
    private static double Residual(CsrMatrix matrix, float[] v, int rank)
    {
        var (x, y) = (new TallMatrix(matrix.Columns, rank), new TallMatrix(matrix.Rows, rank));
        v.CopyTo(x.Values, 0);
        SparseProduct.Multiply(matrix, x, y, new());
        var (whole, kept) = (matrix.Values.Sum(value => (double)value * value),
            y.Values.Sum(value => (double)value * value));
        return Math.Sqrt(1 - (kept / whole));
    }

    private sealed record Solver(string Name, Func<(double Seconds, float[] V)> Solve)
    {
        public List<double> Seconds { get; } = [];

        public float[] V { get; private set; } = [];

        public double Median => Seconds.Order().ElementAt(Seconds.Count / 2);

        public void Run()
        {
            var (seconds, v) = Solve();
            Seconds.Add(seconds);
            V = v;
        }
    }
}
