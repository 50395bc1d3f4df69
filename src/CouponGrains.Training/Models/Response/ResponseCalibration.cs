using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Training.Models.Response;

/// <summary>The scale and shift of each head that make its probabilities true on examples that it was not trained on:
/// <c>p = σ(scale · logit + shift)</c> by maximum likelihood (Platt 1999), found by Newton steps.</summary>
internal static class ResponseCalibration
{
    // A normal prior on the scale around 1, in examples of the rarer outcome: a handful of them does not bend the
    // scale.
    private const double ScalePrior = 20;
    private const double ScaleMin = 0.05;
    private const int Steps = 50;

    /// <summary>Fits on <paramref name="contexts"/>. The shift begins at <c>−ln w</c> with w what an outcome of 1 was
    /// weighed up by: that alone is right if nothing else changed, and stays where an outcome was never seen.</summary>
    /// <returns>Scale and shift of each head, shape (heads, 2).</returns>
    public static float[] Fit(ResponseWeights weights, IReadOnlyList<ResponseContext> contexts, float[] positiveWeights)
    {
        var calibration = new float[2 * ResponseShape.Heads];
        var logits = contexts.Select(c => ResponseLogits.Of(weights, c)).ToList();
        for (var head = 0; head < ResponseShape.Heads; head++)
        {
            var examples = contexts.SelectMany((c, i) => c.Candidates.Select((x, j) =>
                    (Logit: (double)logits[i][(j * ResponseShape.Heads) + head], Outcome: x.Outcomes[head], Weight: (double)x.Weight)))
                .Where(e => !float.IsNaN(e.Outcome)).ToList();
            var start = -Math.Log(positiveWeights[head]);
            var (scale, shift) = examples.Any(e => e.Outcome == 1) && examples.Any(e => e.Outcome == 0)
                ? Newton(examples, start) : (1, start);
            (calibration[2 * head], calibration[(2 * head) + 1]) = ((float)scale, (float)shift);
        }

        return calibration;
    }

    private static (double Scale, double Shift) Newton(List<(double Logit, float Outcome, double Weight)> examples, double start)
    {
        var (scale, shift, loss) = (1.0, start, double.PositiveInfinity);
        for (var (step, size, nextScale, nextShift) = (0, 1.0, scale, shift); step < Steps; step++)
        {
            var (value, a, b, aa, ab, bb) = Expand(examples, nextScale, nextShift);
            if (!(value <= loss))
            {
                size /= 2;
                (nextScale, nextShift) = ((nextScale + scale) / 2, (nextShift + shift) / 2);
                continue;
            }

            (scale, shift, loss, size) = (nextScale, nextShift, value, 1.0);
            var determinant = (aa * bb) - (ab * ab);
            if (determinant < 1e-12)
            {
                break;
            }

            nextScale = Math.Max(ScaleMin, scale - (size * ((bb * a) - (ab * b)) / determinant));
            nextShift = shift - (size * ((aa * b) - (ab * a)) / determinant);
        }

        return (scale, shift);
    }

    // The loss with its gradient and Hessian in scale and shift.
    private static (double Value, double A, double B, double AA, double AB, double BB) Expand(
        List<(double Logit, float Outcome, double Weight)> examples, double scale, double shift)
    {
        var off = scale - 1;
        var (value, a, b, aa, ab, bb) = (ScalePrior / 2 * off * off, ScalePrior * off, 0.0, ScalePrior, 0.0, 0.0);
        foreach (var (logit, outcome, weight) in examples)
        {
            var z = (scale * logit) + shift;
            var p = 1 / (1 + Math.Exp(-z));
            var (error, spread) = (weight * (p - outcome), weight * p * (1 - p));
            value += weight * (Math.Max(z, 0) - (z * outcome) + Math.Log(1 + Math.Exp(-Math.Abs(z))));
            a += error * logit;
            b += error;
            aa += spread * logit * logit;
            ab += spread * logit;
            bb += spread;
        }

        return (value, a, b, aa, ab, bb);
    }
}
