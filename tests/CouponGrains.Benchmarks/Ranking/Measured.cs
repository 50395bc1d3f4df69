using System.Diagnostics;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>Something that is measured: calls that follow each other on one thread.</summary>
/// <param name="name">What it is.</param>
internal abstract class Measured(string name)
{
    private readonly List<double> _microseconds = [];

    public string Name => name;

    /// <summary>The median of a call.</summary>
    public double Median => _microseconds.Order().ElementAt(_microseconds.Count / 2);

    /// <summary>The shortest call.</summary>
    public double Least => _microseconds.Min();

    /// <summary>Bytes that a call allocates; not told by other processes.</summary>
    public long? Bytes { get; protected set; }

    /// <summary>One round of calls.</summary>
    public void Run() => _microseconds.AddRange(Time());

    /// <summary>Rounds that do not count.</summary>
    public void WarmUp(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            Time();
        }
    }

    protected abstract IEnumerable<double> Time();
}

/// <summary>Calls in this process.</summary>
/// <param name="name">What it is.</param>
/// <param name="calls">How many in a round.</param>
/// <param name="call">The call; it is told how many came before in its round.</param>
internal sealed class MeasuredCall(string name, int calls, Action<int> call) : Measured(name)
{
    protected override IEnumerable<double> Time()
    {
        var microseconds = new double[calls];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            call(i);
            microseconds[i] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        }

        Bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
        return microseconds;
    }
}

/// <summary>Calls in a Python process, which answers how long each took.</summary>
/// <param name="name">What it is.</param>
/// <param name="calls">How many in a round.</param>
/// <param name="python">The process.</param>
/// <param name="what">The function to call there.</param>
internal sealed class MeasuredPython(string name, int calls, PythonScan python, string what) : Measured(name)
{
    protected override IEnumerable<double> Time() => python.Time(what, calls);
}
