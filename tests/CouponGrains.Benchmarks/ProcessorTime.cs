using System.Globalization;

namespace CouponGrains.Benchmarks;

/// <summary>Processor time that was used, user and system together.</summary>
/// <param name="Client">By this process and by those of its children that have ended.</param>
/// <param name="Server">By a server: its first process, the children of that, and those of them that have
/// ended.</param>
internal readonly record struct ProcessorTime(TimeSpan Client, TimeSpan Server)
{
    private const int TicksPerSecond = 100; // The kernel's unit towards programs, the same on every machine.

    // Places in /proc/PID/stat behind the name, which is in parentheses.
    private const int Parent = 1;
    private const int User = 11;
    private const int System = 12;
    private const int ChildrenUser = 13;
    private const int ChildrenSystem = 14;

    /// <summary>What was used up to now, by /proc.</summary>
    /// <param name="server">The server's first process.</param>
    public static ProcessorTime Now(int server)
    {
        var client = Read(Environment.ProcessId)!;
        var ticks = Sum(Read(server) ?? throw new InvalidOperationException("The server has ended."));
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && Read(id) is { } stat && stat[Parent] == server)
            {
                ticks += stat[User] + stat[System];
            }
        }

        return new(Span(Sum(client)), Span(ticks));
    }

    /// <summary>What one process used up to now, without its children.</summary>
    public static TimeSpan Of(int process)
    {
        var stat = Read(process) ?? throw new InvalidOperationException("A process has ended.");
        return Span(stat[User] + stat[System]);
    }

    public static ProcessorTime operator -(ProcessorTime to, ProcessorTime from) =>
        new(to.Client - from.Client, to.Server - from.Server);

    private static long Sum(long[] stat) => stat[User] + stat[System] + stat[ChildrenUser] + stat[ChildrenSystem];

    private static TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    private static long[]? Read(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ')
                .Select(part => long.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null; // It has ended meanwhile.
        }
    }
}
