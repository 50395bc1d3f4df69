using System.Diagnostics;
using CouponGrains.Training.Models;

namespace CouponGrains.Benchmarks.Models;

/// <summary>Truncated SVD by several solvers on one matrix, in turns. The residual is measured by us, for all in the
/// same way: <c>‖R − R V Vᵀ‖_F / ‖R‖_F</c> with V as the solver gave it.</summary>
internal static class SvdBenchmark
{
    /// <summary>Power iterations of every solver (scikit-learn's <c>n_iter</c>).</summary>
    private const int Iterations = 5;

    public static int Run(string[] args)
    {
        int Option(string name, int otherwise) =>
            Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1]) : otherwise;

        var (rank, rounds, seed) = (Option("--rank", 64), Option("--rounds", 3), Option("--seed", 1));
        var matrix = GeneratedBehaviour.Make(
            Option("--users", 138_493), Option("--items", 26_744), Option("--entries", 9_500_000), seed);
        _ = matrix.Transpose();
        Console.WriteLine($"{matrix.Rows} x {matrix.Columns}, {matrix.NonZeros} entries, rank {rank}, seed {seed}, "
            + $"{Environment.ProcessorCount} cores, {rounds} rounds in turns");

        using var torchSvd = new TorchSvd(matrix);
        var (scikit, reason) = ScikitSvd.Find(matrix);
        Console.WriteLine(scikit is null ? $"scikit-learn is left out: {reason}" : reason);
        var options = new SvdOptions { Rank = rank, IterationsMax = Iterations };
        var ours = new Solver("ours", () => Timed(() => TruncatedSvd.Decompose(matrix, options, default).V));
        var solvers = new List<Solver>
        {
            ours, new("torch sparse", () => Timed(() => torchSvd.RightVectors(rank, Iterations))),
        };
        if (scikit is not null)
        {
            solvers.Add(new("scikit-learn randomized", () => scikit.Run(rank)));
        }

        ours.Run();
        ours.Seconds.Clear();
        for (var round = 0; round < rounds; round++)
        {
            solvers.ForEach(solver => solver.Run());
        }

        Console.WriteLine($"{"solver",-26}{"median s",10}{"min",9}{"max",9}{"times ours",12}{"residual",12}");
        foreach (var solver in solvers)
        {
            Console.WriteLine(
                $"{solver.Name,-26}{solver.Median,10:F3}{solver.Seconds.Min(),9:F3}{solver.Seconds.Max(),9:F3}"
                + $"{solver.Median / ours.Median,12:F1}{Residual(matrix, solver.V, rank),12:F6}");
        }

        scikit?.Dispose();
        return 0;
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
