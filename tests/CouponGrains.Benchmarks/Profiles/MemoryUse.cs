using System.Globalization;

namespace CouponGrains.Benchmarks.Profiles;

/// <summary>What this process has of the memory.</summary>
/// <param name="Heap">Bytes of objects that live, after a full collection.</param>
/// <param name="Resident">Bytes in memory now.</param>
/// <param name="Peak">The most there ever were.</param>
internal readonly record struct MemoryUse(long Heap, long Resident, long Peak)
{
    /// <summary>Collects everything and looks.</summary>
    public static MemoryUse Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new(GC.GetTotalMemory(forceFullCollection: true), Status("VmRSS"), Status("VmHWM"));
    }

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
