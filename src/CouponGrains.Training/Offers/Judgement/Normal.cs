namespace CouponGrains.Training.Offers.Judgement;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>A draw (Box and Muller 1958).</summary>
    public static double Draw(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Φ(z), to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26).</summary>
    public static double Share(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var sum = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var rest = sum * Math.Exp(-x * x);
        return z >= 0 ? 1 - (rest / 2) : rest / 2;
    }

    /// <summary>Φ⁻¹(share) by halving between −8 and 8.</summary>
    public static double Quantile(double share)
    {
        var (low, high) = (-8.0, 8.0);
        while (high - low > 1e-9)
        {
            var middle = (low + high) / 2;
            (low, high) = Share(middle) < share ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
