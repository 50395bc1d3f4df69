using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>The closest offers to a taste: one pass over all embeddings, held against reading them once, which no
/// search can do without.</summary>
internal sealed class ScanBenchmark : IDisposable
{
    private const int Calls = 200;
    private const int Tastes = 64;

    private readonly float[] _rows;
    private readonly float[] _tastes;
    private readonly int _offers;
    private readonly int _rank;
    private readonly float[] _aligned;
    private readonly int _begin;
    private readonly AffinityScan _scan;
    private readonly ScoredOffer[] _best;
    private readonly PythonScan? _python;

    public ScanBenchmark(int offers, int rank, int count, int seed)
    {
        var random = new Random(seed);
        (_offers, _rank) = (offers, rank);
        _rows = Normal(random, offers * rank);
        _tastes = Normal(random, Tastes * rank);
        _scan = new(_rows, offers, rank);
        _best = new ScoredOffer[count];
        _python = PythonScan.Start(_rows, _tastes, rank, count);

        // As the search keeps its own: begun where a line of the cache begins.
        _aligned = GC.AllocateArray<float>(_rows.Length + 16, pinned: true);
        _begin = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_aligned, 0) & 63) / sizeof(float);
        _rows.CopyTo(_aligned, _begin);
    }

    /// <summary>What the sums of reading came to, so that reading is not left out.</summary>
    public float Sum { get; private set; }

    /// <summary>What is measured, reading first and ours second.</summary>
    public List<Measured> Measured()
    {
        List<Measured> all =
        [
            new MeasuredCall("reading all embeddings once", Calls, _ => Sum += Read()),
            new MeasuredCall("ours", Calls, call => _scan.Top(Taste(call), _best)),
            new MeasuredCall("TensorPrimitives.Dot in a loop", Calls, call => Loop(Taste(call))),
        ];
        if (_python is null)
        {
            Console.WriteLine("NumPy and Faiss are left out: no python3 with numpy (Debian: apt install python3-numpy)");
            return all;
        }

        all.Add(new MeasuredPython($"NumPy {_python.NumPy}, @ and argpartition", Calls, _python, "numpy"));
        if (_python.Faiss is { } faiss)
        {
            all.Add(new MeasuredPython($"Faiss {faiss}, IndexFlatIP", Calls, _python, "faiss"));
        }
        else
        {
            Console.WriteLine("Faiss is left out: no faiss for that python3 (Debian: apt install python3-faiss)");
        }

        return all;
    }

    /// <summary>Throws if the others find other offers than ours.</summary>
    public void Check()
    {
        _scan.Top(Taste(0), _best);
        var ours = Array.ConvertAll(_best, b => b.Offer);
        Loop(Taste(0));
        var found = new List<(string Name, int[] Best)> { ("the loop", Array.ConvertAll(_best, b => b.Offer)) };
        if (_python is not null)
        {
            found.Add(("NumPy", _python.Best("numpy")));
            found.AddRange(_python.Faiss is null ? [] : [("Faiss", _python.Best("faiss"))]);
        }

        foreach (var (name, best) in found)
        {
            if (!best.SequenceEqual(ours))
            {
                throw new InvalidOperationException($"{name} finds other offers than ours.");
            }
        }
    }

    public void Dispose() => _python?.Dispose();

    /// <summary>Numbers of a normal distribution.</summary>
    public static float[] Normal(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => (float)(
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))),
    ];

    private ReadOnlySpan<float> Taste(int call) => _tastes.AsSpan(call % Tastes * _rank, _rank);

    /// <summary>The sum of all numbers, in eight vectors side by side.</summary>
    private float Read()
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(_aligned.AsSpan(_begin, _rows.Length));
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector512<float> s4 = default, s5 = default, s6 = default, s7 = default;
        for (; vectors.Length >= 8; vectors = vectors[8..])
        {
            s0 += vectors[0];
            s1 += vectors[1];
            s2 += vectors[2];
            s3 += vectors[3];
            s4 += vectors[4];
            s5 += vectors[5];
            s6 += vectors[6];
            s7 += vectors[7];
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }

    /// <summary>What one would write first: a dot product for each row, and the best so far kept in order.</summary>
    private void Loop(ReadOnlySpan<float> taste)
    {
        var count = 0;
        for (var offer = 0; offer < _offers; offer++)
        {
            var score = TensorPrimitives.Dot(taste, _rows.AsSpan(offer * _rank, _rank));
            if (count == _best.Length && score <= _best[^1].Affinity)
            {
                continue;
            }

            count = Math.Min(count + 1, _best.Length);
            var place = count - 1;
            for (; place > 0 && _best[place - 1].Affinity < score; place--)
            {
                _best[place] = _best[place - 1];
            }

            _best[place] = new(offer, score);
        }
    }
}
