using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace CouponGrains.Benchmarks;

/// <summary>Draws measured figures.</summary>
internal static class Charts
{
    private const int Width = 900;
    private const int Height = 420;
    private static readonly Color Ours = Color.FromHex("#1668c7");
    private static readonly Color Others = Color.FromHex("#8a8f98");

    /// <summary>One bar for each figure, the first one ours; on a scale of powers of ten.</summary>
    public static void Bars(string file, string title, IReadOnlyList<(string Name, double Value)> figures)
    {
        var plot = new Plot();
        var least = Math.Floor(Math.Log10(figures.Min(f => f.Value)));
        for (var i = 0; i < figures.Count; i++)
        {
            var bar = plot.Add.Bar(figures.Count - i, Math.Log10(figures[i].Value) - least, 0);
            bar.Color = i == 0 ? Ours : Others;
            bar.Horizontal = true;
            bar.Bars[0].Label = $"{figures[i].Value:G3}";
        }

        plot.Axes.Left.SetTicks([.. figures.Select((_, i) => (double)(figures.Count - i))], [.. figures.Select(f => f.Name)]);
        var top = (int)Math.Ceiling(Math.Log10(figures.Max(f => f.Value)) - least) + 1;
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, top).Select(p => (double)p)],
            [.. Enumerable.Range(0, top).Select(p => $"{Math.Pow(10, p + least):G3}")]);
        plot.Axes.SetLimitsX(0, top - 0.4);
        plot.Title(title, 15);
        Save(plot, file);
    }

    /// <summary>Seconds and peak memory over entries, both axes in powers of ten; dashed, growth in
    /// proportion.</summary>
    public static void Growth(string file, IReadOnlyList<(long Entries, double Seconds, long Megabytes)> points)
    {
        var plot = new Plot();
        var entries = points.Select(p => Math.Log10(p.Entries)).ToArray();
        Line(plot, entries, points.Select(p => Math.Log10(p.Seconds)).ToArray(), Ours, "seconds");
        Line(plot, entries, points.Select(p => Math.Log10(p.Megabytes / 1024.0)).ToArray(), Color.FromHex("#d98200"), "peak memory, GB");
        var floor = plot.Add.Scatter(
            entries, entries.Select(e => Math.Log10(points[0].Seconds) + e - entries[0]).ToArray(), Others);
        (floor.LinePattern, floor.MarkerSize, floor.LegendText) = (LinePattern.Dashed, 0, "seconds in proportion to entries");
        Powers(plot.Axes.Bottom, entries[0], entries[^1]);
        Powers(plot.Axes.Left, -2, 2);
        plot.XLabel("entries");
        plot.ShowLegend(Alignment.UpperLeft);
        Save(plot, file);
    }

    private static void Line(Plot plot, double[] x, double[] y, Color colour, string name)
    {
        var line = plot.Add.Scatter(x, y, colour);
        (line.LineWidth, line.MarkerSize, line.LegendText) = (2.5f, 9, name);
    }

    private static void Powers(IAxis axis, double from, double to)
    {
        var powers = Enumerable.Range((int)Math.Floor(from), (int)(Math.Ceiling(to) - Math.Floor(from)) + 1)
            .Select(p => (double)p).ToArray();
        axis.SetTicks(powers, [.. powers.Select(p => $"{Math.Pow(10, p):#,##0.##}")]);
    }

    private static void Save(Plot plot, string file)
    {
        using var stream = File.Create(file);
        using var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream);
        plot.Render(canvas, new PixelRect(0, Width, Height, 0));
    }
}
