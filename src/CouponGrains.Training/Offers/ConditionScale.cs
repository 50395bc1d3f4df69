namespace CouponGrains.Training.Offers;

/// <summary>Mean and deviation of each number of the condition over the examples. Tastes of segments differ little
/// beside what they share; standardised, the network sees what they differ in.</summary>
/// <param name="Mean">By weight.</param>
/// <param name="Factor">1 / deviation; 0 for a number that never changed, of which nothing can be learned: what it does
/// to the network would be chance.</param>
internal sealed record ConditionScale(float[] Mean, float[] Factor)
{
    private const double DeviationMin = 1e-5;

    public static ConditionScale Of(IReadOnlyList<DesignExample> examples)
    {
        var width = examples[0].Condition.Length;
        var total = examples.Sum(e => e.Weight);
        var (mean, factor) = (new float[width], new float[width]);
        for (var i = 0; i < width; i++)
        {
            var average = examples.Sum(e => e.Weight * e.Condition[i]) / total;
            var square = examples.Sum(e => e.Weight * (e.Condition[i] - average) * (e.Condition[i] - average)) / total;
            (mean[i], factor[i]) = ((float)average, square > DeviationMin * DeviationMin ? (float)(1 / Math.Sqrt(square)) : 0);
        }

        return new(mean, factor);
    }

    /// <summary>(condition − mean) · factor.</summary>
    public float[] Standardise(float[] condition)
    {
        var standard = new float[condition.Length];
        for (var i = 0; i < standard.Length; i++)
        {
            standard[i] = (condition[i] - Mean[i]) * Factor[i];
        }

        return standard;
    }

    /// <summary>A layer over [z, standardised condition] as one over [z, condition].</summary>
    public DenseLayer TakenInto(DenseLayer layer)
    {
        var (weight, bias) = ((float[])layer.Weight.Clone(), (float[])layer.Bias.Clone());
        for (var row = 0; row < layer.Outputs; row++)
        {
            for (var i = 0; i < Mean.Length; i++)
            {
                var at = (row * layer.Inputs) + layer.Inputs - Mean.Length + i;
                weight[at] *= Factor[i];
                bias[row] -= weight[at] * Mean[i];
            }
        }

        return layer with { Weight = weight, Bias = bias };
    }
}
