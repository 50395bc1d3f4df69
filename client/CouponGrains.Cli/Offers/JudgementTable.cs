using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Offers;

/// <summary>A judgement for people and for programs.</summary>
internal static class JudgementTable
{
    public static void Show(IAnsiConsole console, JudgementReport report)
    {
        console.Write(Screen.Grid(
            ["designs of", "#legal", "#AUC", "#95 %", "#gap", "#95 %", "#density", "#coverage", "#MMD", "#p"],
            report.Rows.Select(r => new[]
            {
                r.Name, $"{r.Validity:P1}", $"{r.Auc.Value:F3}", $"{r.Auc.Low:F3} to {r.Auc.High:F3}", $"{r.Gap.Value:F3}",
                $"{r.Gap.Low:F3} to {r.Gap.High:F3}", $"{r.Density:F2}", $"{r.Coverage:F3}", $"{r.Discrepancy:F4}",
                $"{r.DiscrepancyP:F3}",
            })));
        console.Write(Screen.Grid(
            ["designs of", "#designs", "#different", "#kinds, bits", "#categories, bits", "#nearest real, 5 %", "#response", "#list diversity"],
            report.Rows.Select(r => new[]
            {
                r.Name, $"{r.Designs}", $"{r.Unique:P0}", $"{r.KindEntropy:F2}", $"{r.CategoryEntropy:F2}", $"{r.Nearest:F3}",
                $"{r.Response:F3}", $"{r.ListDiversity:F2}",
            })));
        foreach (var row in report.Rows.Where(r => r.Gates.Count > 0))
        {
            console.Write(Screen.Grid([$"gate for {row.Name}", "", "figure"],
                row.Gates.Select(g => new[] { g.Name, g.Passed ? "open" : "CLOSED", g.Why })));
        }

        foreach (var row in report.Rows.Where(r => r.Refused.Count > 0))
        {
            console.WriteLine($"{row.Name} refused: {string.Join(", ", row.Refused.Select(r => $"{r.Value} {r.Key}"))}");
        }

        console.WriteLine($"{report.Learned} real designs to learn from, {report.HeldOut} held out; percentile 5 of the nearest"
            + $" distances among real ones {report.RealNearest:F3}; task '{report.Task}', AUC {report.TaskAuc:F3} from real designs.");
        console.WriteLine($"Used: {report.Used}. {report.Why}");
    }
}
