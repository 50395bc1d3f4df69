using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Drift;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Evaluation;

namespace CouponGrains.Training.Models.Response;

/// <summary>Measures response models on the newest issues, of which the one that is measured was not told.</summary>
internal static class ResponseHeldOut
{
    /// <summary>The share of the issues that are held out.</summary>
    public const double Share = 0.2;

    /// <summary>Parts examples by time; what happened at one moment stays together.</summary>
    public static (IReadOnlyList<IssueExample> Earlier, IReadOnlyList<IssueExample> Newest) Part(
        IReadOnlyList<IssueExample> examples)
    {
        var ordered = examples.Where(e => !float.IsNaN(e.Outcomes[(int)ResponseHead.Redeem]))
            .OrderBy(e => e.At).ToList();
        var cut = (int)((1 - Share) * ordered.Count);
        while (cut > 0 && cut < ordered.Count && ordered[cut].At == ordered[cut - 1].At)
        {
            cut--;
        }

        return (ordered[..cut], ordered[cut..]);
    }

    /// <summary>How likely the network takes each redemption to be.</summary>
    public static double[] Redemptions(ResponseNetwork network, IReadOnlyList<ResponseContext> contexts) =>
        [.. contexts.Select(c => (double)ResponseLogits.Probabilities(network, c)[0].Redeem)];

    /// <summary>How likely the rates of the segments take it to be.</summary>
    public static double[] Redemptions(IReadOnlyList<IssueExample> earlier, IReadOnlyList<IssueExample> newest)
    {
        var prior = ResponsePrior.Of(earlier.Select(e => (e.Orders, e.Kind, e.Outcomes)));
        return [.. newest.Select(e => (double)prior.Of(e.Orders, e.Kind).Redeem)];
    }

    /// <summary>The figures of a model on the newest issues.</summary>
    /// <param name="newest">The issues.</param>
    /// <param name="model">What the model says of each.</param>
    /// <param name="prior">What the rates of the segments say.</param>
    /// <param name="current">What the response model in force says; null if there is none.</param>
    public static ResponseMetrics Measure(
        IReadOnlyList<IssueExample> newest, double[] model, double[] prior, double[]? current)
    {
        bool[] labels = [.. newest.Select(e => e.Outcomes[(int)ResponseHead.Redeem] == 1)];
        var order = Enumerable.Range(0, labels.Length).OrderBy(i => model[i]).ToArray();
        return new(
            labels.Length, ResponseFigures.LogLoss(model, labels), Auc(model, labels),
            ResponseFigures.CalibrationError(model, labels, order), ResponseFigures.LogLoss(prior, labels))
        {
            CurrentLogLoss = current is null ? null : ResponseFigures.LogLoss(current, labels),
            CurrentAuc = current is null ? null : Auc(current, labels),
            Bins = Bins(model, labels),
        };
    }

    private static CalibrationBin[] Bins(double[] model, bool[] labels)
    {
        var bins = new CalibrationBin[Calibration.BinCount];
        foreach (var (probability, redeemed) in model.Zip(labels))
        {
            bins[Calibration.BinOf(probability)] += new CalibrationBin(1, probability, redeemed ? 1 : 0);
        }

        return bins;
    }

    private static double Auc(double[] scores, bool[] labels) =>
        new ResponseFigures(resamples: 0, seed: 0).Auc([new("", scores, labels, [])]).Value;
}
