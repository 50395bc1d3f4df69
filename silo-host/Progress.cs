using System.Globalization;

namespace CouponGrains.SiloHost;

/// <summary>What people read while the process starts: one line for each thing done, and on a terminal a line that
/// moves.</summary>
internal sealed class Progress
{
    private readonly bool _terminal = !Console.IsOutputRedirected;
    private string _last = "";
    private string _mark = "";

    /// <summary>Something is done.</summary>
    public void Done(string what, TimeSpan took) =>
        Line($"  {what} · {took.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s");

    /// <summary>Something is going on, <paramref name="share"/> of it (0 to 1) done.</summary>
    public void Going(string what, double share)
    {
        var line = $"  {share * 100,3:F0} %  {what}";
        if (_terminal && line != _last)
        {
            Console.Write("\r" + line.PadRight(Math.Max(line.Length, _last.Length)));
            _last = line;
        }

        // In a file a line that moves would be many lines: one for each stage and tenth is enough.
        var mark = $"{what.Split(':')[0]} {(int)(share * 10)}";
        if (!_terminal && mark != _mark)
        {
            Console.WriteLine(line);
            _mark = mark;
        }
    }

    /// <summary>A line of its own.</summary>
    public void Line(string text = "")
    {
        if (_terminal && _last.Length > 0)
        {
            Console.Write("\r" + new string(' ', _last.Length) + "\r");
        }

        _last = "";
        Console.WriteLine(text);
    }
}
