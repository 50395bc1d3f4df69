using CouponGrains.Training.Offers.Judgement;
using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace CouponGrains.Cli.Offers;

/// <summary>Draws a judgement: for each generator and baseline the classifier's area with its interval, the gap with
/// its interval, coverage and density, and the distance to the nearest real design; the gates as dashed
/// lines.</summary>
internal static class JudgementPicture
{
    private const int Width = 1_280;
    private const int Height = 900;
    private static readonly Color Ink = Color.FromHex("#1668c7");
    private static readonly Color Grey = Color.FromHex("#8a8f98");
    private static readonly Color Bound = Color.FromHex("#b3261e");

    /// <summary>Writes the picture; the ending of <paramref name="file"/> says whether PNG or SVG.</summary>
    public static void Draw(JudgementReport report, JudgementOptions options, string file)
    {
        var picture = new Multiplot();
        picture.AddPlots(4);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(2, 2);
        Points(picture.GetPlot(0), report, "Classifier AUC, 95 % interval (0.5: cannot be told from real)",
            r => r.Auc, options.AucMax);
        Points(picture.GetPlot(1), report, $"Train-on-synthetic gap, task '{report.Task}', 95 % interval", r => r.Gap, 0);
        Points(picture.GetPlot(2), report, "Coverage of held-out real designs",
            r => new(r.Coverage, r.Coverage, r.Coverage), options.CoverageMin);
        Points(picture.GetPlot(3), report, "Distance to the nearest real design, percentile 5 (below: copies)",
            r => new(r.Nearest, r.Nearest, r.Nearest), report.RealNearest);
        if (Path.GetExtension(file) == ".png")
        {
            picture.SavePng(file, Width, Height);
            return;
        }

        using var stream = File.Create(file);
        using var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream);
        picture.Render(canvas, new PixelRect(0, Width, Height, 0));
    }

    private static void Points(
        Plot plot, JudgementReport report, string title, Func<DesignFigures, Interval> figure, double bound)
    {
        for (var i = 0; i < report.Rows.Count; i++)
        {
            var (row, interval) = (report.Rows[i], figure(report.Rows[i]));
            if (double.IsNaN(interval.Value))
            {
                continue;
            }

            var colour = row.Gates.Count > 0 ? Ink : Grey;
            var bar = plot.Add.Line(i, interval.Low, i, interval.High);
            (bar.Color, bar.LineWidth) = (colour, 4);
            plot.Add.Marker(i, interval.Value, MarkerShape.FilledCircle, 12, colour);
            var label = plot.Add.Text($"{interval.Value:F3}", i + 0.08, interval.Value);
            (label.LabelFontSize, label.LabelAlignment) = (13, Alignment.MiddleLeft);
        }

        plot.Add.HorizontalLine(bound, 1.5f, Bound, LinePattern.Dashed);
        plot.Title(title, 15);
        plot.Axes.Bottom.SetTicks(
            [.. report.Rows.Select((_, i) => (double)i)], [.. report.Rows.Select(r => r.Name)]);
        plot.Axes.SetLimitsX(-0.5, report.Rows.Count - 0.3);
        plot.Axes.AutoScaleY();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Min(0, limits.Bottom), Math.Max(limits.Top, bound) * 1.1);
    }
}
