using System.Numerics.Tensors;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Logistic regression with a ridge: <c>min Σ log(1 + exp(−yᵢ w·xᵢ)) + λ/2 ‖w‖²</c>, y = ±1, by accelerated
/// gradient steps (Nesterov 1983) of 1/L, <c>L = λ_max(XᵀX)/4 + λ</c>.</summary>
internal sealed class LogisticRule
{
    private const float Ridge = 2;
    private const int Steps = 150;
    private const int PowerSteps = 12;

    private readonly float[] _weights;

    private LogisticRule(float[] weights) => _weights = weights;

    /// <summary>Fits. Deterministic.</summary>
    public static LogisticRule Fit(IReadOnlyList<float[]> rows, IReadOnlyList<bool> labels)
    {
        var width = rows[0].Length;
        var rate = 1 / ((LargestSquare(rows) / 4) + Ridge);
        var (weights, ahead, gradient) = (new float[width], new float[width], new float[width]);
        var momentum = 1.0;
        for (var step = 0; step < Steps; step++)
        {
            TensorPrimitives.Multiply(ahead, Ridge, gradient);
            for (var i = 0; i < rows.Count; i++)
            {
                var y = labels[i] ? 1f : -1f;
                var pull = -y / (1 + MathF.Exp(y * TensorPrimitives.Dot<float>(ahead, rows[i])));
                TensorPrimitives.MultiplyAdd(rows[i], pull, gradient, gradient);
            }

            var next = new float[width];
            TensorPrimitives.MultiplyAdd(gradient, -rate, ahead, next);
            var following = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            var carry = (float)((momentum - 1) / following);
            for (var j = 0; j < width; j++)
            {
                ahead[j] = next[j] + (carry * (next[j] - weights[j]));
            }

            (weights, momentum) = (next, following);
        }

        return new(weights);
    }

    /// <summary>w·x: the larger, the likelier the label is true.</summary>
    public double Score(float[] row) => TensorPrimitives.Dot<float>(_weights, row);

    // Power iteration from ones; the tenth more is for what a dozen steps leave.
    private static float LargestSquare(IReadOnlyList<float[]> rows)
    {
        var v = new float[rows[0].Length];
        Array.Fill(v, 1);
        var square = 1f;
        for (var step = 0; step < PowerSteps; step++)
        {
            TensorPrimitives.Divide(v, Math.Max(TensorPrimitives.Norm<float>(v), 1e-12f), v);
            var next = new float[v.Length];
            foreach (var row in rows)
            {
                TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot<float>(v, row), next, next);
            }

            (v, square) = (next, TensorPrimitives.Norm<float>(next));
        }

        return 1.1f * square;
    }
}
