using CouponGrains.Simulation;
using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace CouponGrains.Cli.Simulate;

/// <summary>Draws a comparison: profit above no coupons, redemptions and discount of each round, one line for each
/// policy, and the differences to ours with their intervals.</summary>
internal static class Picture
{
    private const int Width = 1_280;
    private const int Height = 900;
    private static readonly string[] Colours = ["#8a8f98", "#d98200", "#1668c7"];

    /// <summary>Writes the picture; the ending of <paramref name="file"/> says whether PNG or SVG.</summary>
    public static void Draw(Comparison comparison, ClosedLoopOptions loop, string file)
    {
        var picture = new Multiplot();
        picture.AddPlots(4);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(2, 2);
        var profit = Lines(picture.GetPlot(0), comparison, loop, $"Profit above no coupons, {Market.Currency} a round", r => r.IncrementalMinor / 100.0);
        Intervals(profit, comparison, loop);
        Lines(picture.GetPlot(1), comparison, loop, "Redemptions a round", r => r.Redeemed);
        var discount = Lines(picture.GetPlot(2), comparison, loop, $"Discount, {Market.Currency} a round", r => r.DiscountMinor / 100.0);
        var budget = discount.Add.HorizontalLine(loop.BudgetMinor / 100.0 / loop.Rounds, 1.5f, Color.FromHex("#b3261e"), LinePattern.Dashed);
        budget.LegendText = "budget";
        discount.Axes.SetLimitsY(0, loop.BudgetMinor / 100.0 / loop.Rounds * 1.3);
        Differences(picture.GetPlot(3), comparison);
        if (Path.GetExtension(file) == ".png")
        {
            picture.SavePng(file, Width, Height);
            return;
        }

        using var stream = File.Create(file);
        using var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream);
        picture.Render(canvas, new PixelRect(0, Width, Height, 0));
    }

    private static Plot Lines(Plot plot, Comparison comparison, ClosedLoopOptions loop, string title, Func<RoundResult, double> figure)
    {
        var rounds = Enumerable.Range(1, loop.Rounds).ToArray();
        foreach (var (policy, colour) in comparison.Policies.Zip(Colours))
        {
            var line = plot.Add.Scatter(
                rounds.Select(r => (double)r).ToArray(), rounds.Select(r => comparison.Mean(policy, r, figure)).ToArray(), Color.FromHex(colour));
            line.LegendText = policy;
            line.LineWidth = 2.5f;
            line.MarkerSize = 8;
        }

        plot.Title(title, 15);
        plot.XLabel("round");
        plot.Axes.Bottom.SetTicks([.. rounds.Select(r => (double)r)], [.. rounds.Select(r => $"{r}")]);
        plot.Axes.SetLimitsX(0.7, loop.Rounds + 0.3);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Alignment.UpperLeft);
        Rise(plot);
        return plot;
    }

    private static void Intervals(Plot plot, Comparison comparison, ClosedLoopOptions loop)
    {
        foreach (var (policy, colour) in comparison.Policies.Zip(Colours))
        {
            for (var round = 1; round <= loop.Rounds; round++)
            {
                var d = comparison.Incremental(policy, round);
                var bar = plot.Add.Line(round, d.Low / 100, round, d.High / 100);
                bar.Color = Color.FromHex(colour).WithAlpha(0.5);
                bar.LineWidth = 2;
            }
        }

        Rise(plot);
        plot.Add.HorizontalLine(0, 1, Colors.Black);
    }

    /// <summary>Shows zero, and leaves room for the legend above the data.</summary>
    private static void Rise(Plot plot)
    {
        plot.Axes.AutoScaleY();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Min(0, limits.Bottom), limits.Top + (0.15 * (limits.Top - Math.Min(0, limits.Bottom))));
    }

    private static void Differences(Plot plot, Comparison comparison)
    {
        var others = comparison.Policies.Where(p => p != Simulation.Ours).ToList();
        for (var i = 0; i < others.Count; i++)
        {
            var d = comparison.Difference(Simulation.Ours, others[i]);
            var bar = plot.Add.Line(i, d.Low / 100, i, d.High / 100);
            bar.Color = Color.FromHex(Colours[2]);
            bar.LineWidth = 4;
            plot.Add.Marker(i, d.Mean / 100, MarkerShape.FilledCircle, 12, Color.FromHex(Colours[2]));
            var label = plot.Add.Text($"{d.Mean / 100:N0}  [{d.Low / 100:N0}, {d.High / 100:N0}]", i + 0.05, d.Mean / 100);
            label.LabelFontSize = 14;
            label.LabelAlignment = Alignment.MiddleLeft;
        }

        plot.Add.HorizontalLine(0, 1, Colors.Black);
        plot.Title($"Profit of ours less the other's, {Market.Currency}, all rounds, 95 % interval", 15);
        plot.Axes.Bottom.SetTicks([.. others.Select((_, i) => (double)i)], [.. others.Select(o => $"ours - {o}")]);
        plot.Axes.SetLimitsX(-0.4, others.Count - 0.3);
        plot.Axes.AutoScaleY();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Min(0, limits.Bottom) - (0.05 * limits.VerticalSpan), limits.Top);
    }
}
