using System.Runtime.InteropServices;

namespace CouponGrains.Training.Models;

/// <summary>Memory outside the collected heap for what is read at random: where the system lends large pages, far fewer
/// addresses have to be looked up. Its values are undefined at first.</summary>
internal sealed unsafe partial class LargeBuffer : IDisposable
{
    private const nuint PageBytes = 2 << 20;
    private const int AdviseHugePages = 14; // MADV_HUGEPAGE

    public LargeBuffer(long floats)
    {
        var bytes = ((nuint)floats * sizeof(float) + PageBytes - 1) / PageBytes * PageBytes;
        Values = (float*)NativeMemory.AlignedAlloc(bytes, PageBytes);
        Length = floats;
        if (OperatingSystem.IsLinux())
        {
            // Advice: where it is not taken, everything works on small pages.
            _ = Advise(Values, bytes, AdviseHugePages);
        }
    }

    public float* Values { get; private set; }

    public long Length { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Values);
        Values = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
