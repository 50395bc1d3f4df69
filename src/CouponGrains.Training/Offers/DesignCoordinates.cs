namespace CouponGrains.Training.Offers;

/// <summary>Mean and deviation of each coordinate of a design over the examples, by weight; 0 and 1 for the kinds,
/// which stay as they are.</summary>
/// <param name="Mean">Shape (13 + k).</param>
/// <param name="Scale">Shape (13 + k); never 0.</param>
internal sealed record DesignCoordinates(float[] Mean, float[] Scale)
{
    private const double PlaceScaleMin = 0.05;
    private const double ScopeScaleMin = 1e-4;

    public static DesignCoordinates Of(IReadOnlyList<DesignExample> examples)
    {
        var width = examples[0].Design.Length;
        var total = examples.Sum(e => e.Weight);
        var (mean, scale) = (new float[width], new float[width]);
        Array.Fill(scale, 1);
        for (var i = DesignCode.Kinds; i < width; i++)
        {
            var average = examples.Sum(e => e.Weight * e.Design[i]) / total;
            var square = examples.Sum(e => e.Weight * (e.Design[i] - average) * (e.Design[i] - average)) / total;
            mean[i] = (float)average;
            scale[i] = (float)Math.Max(Math.Sqrt(square), i < DesignCode.Fixed ? PlaceScaleMin : ScopeScaleMin);
        }

        return new(mean, scale);
    }

    /// <summary>(design − mean) / scale.</summary>
    public float[] Standardise(float[] design)
    {
        var code = (float[])design.Clone();
        for (var i = 0; i < code.Length; i++)
        {
            code[i] = (code[i] - Mean[i]) / Scale[i];
        }

        return code;
    }
}
