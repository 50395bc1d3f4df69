using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1):
/// <code>
///   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
///   θ ← θ − α m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// With a largest norm G of all gradients together, g is first scaled by <c>min(1, G / ‖g‖)</c> (Pascanu et al. 2013).
/// Our own because of <see cref="Constant"/>: the library's hands plain numbers to every operator. In the memory of the
/// CPU it is one pass over all numbers instead of ten; a test holds both forms together.
/// </summary>
internal sealed class Adam
{
    private const double Epsilon = 1e-8;

    private readonly (Tensor Value, Tensor Mean, Tensor Square)[] _parameters;
    private readonly double _rate;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _normMax;
    private readonly bool _onePass;
    private int _steps;

    /// <summary>Makes its tensors in the current scope, which must outlive it.</summary>
    /// <param name="parameters">θ; contiguous.</param>
    /// <param name="rate">α.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="normMax">G; 0 scales nothing.</param>
    /// <param name="onePass">False for the plain form also on the CPU.</param>
    public Adam(
        IEnumerable<Tensor> parameters, double rate, double beta1 = 0.9, double beta2 = 0.999, double normMax = 0,
        bool onePass = true)
    {
        _parameters = [.. parameters.Select(p => (p, zeros_like(p), zeros_like(p)))];
        (_rate, _beta1, _beta2, _normMax) = (rate, beta1, beta2, normMax);
        _onePass = onePass && Array.TrueForAll(_parameters, p => p.Value.device_type == DeviceType.CPU);
    }

    /// <summary>Computes the gradients of <paramref name="loss"/> and takes one step down.</summary>
    public void Descend(Tensor loss)
    {
        using var scope = NewDisposeScope();
        foreach (var (value, _, _) in _parameters)
        {
            value.grad?.zero_();
        }

        loss.backward();
        using var quiet = no_grad();
        Clip();
        _steps++;
        if (_onePass)
        {
            StepInOnePass();
        }
        else
        {
            Step();
        }
    }

    private double Rate => _rate / (1 - Math.Pow(_beta1, _steps));

    private double Root => 1 / Math.Sqrt(1 - Math.Pow(_beta2, _steps));

    private void Step()
    {
        var device = _parameters[0].Value.device;
        var (keep1, take1) = (Constant.Of(_beta1, device), Constant.Of(1 - _beta1, device));
        var (keep2, take2) = (Constant.Of(_beta2, device), Constant.Of(1 - _beta2, device));
        var (rate, root) = (Constant.Of(Rate, device), Constant.Of(Root, device));
        var epsilon = Constant.Of(Epsilon, device);
        foreach (var (value, mean, square) in _parameters)
        {
            if (value.grad is { } gradient)
            {
                Constant.Add(mean.mul_(keep1), gradient * take1);
                Constant.Add(square.mul_(keep2), gradient * gradient * take2);
                Constant.Subtract(value, rate * mean / Constant.Sum(root * square.sqrt(), epsilon));
            }
        }
    }

    private void Clip()
    {
        var gradients = _parameters.Select(p => p.Value.grad).OfType<Tensor>().ToList();
        var norm = _normMax > 0 ? Math.Sqrt(gradients.Sum(g => (double)(g * g).sum().item<float>())) : 0;
        foreach (var gradient in norm > _normMax ? gradients : [])
        {
            gradient.mul_(Constant.Of(_normMax / norm, gradient.device));
        }
    }

    private void StepInOnePass()
    {
        foreach (var (value, mean, square) in _parameters)
        {
            if (value.grad is { } gradient)
            {
                Move(Numbers(value), Numbers(mean), Numbers(square), Numbers(gradient));
            }
        }
    }

    private void Move(Span<float> value, Span<float> mean, Span<float> square, ReadOnlySpan<float> gradient)
    {
        var (keep1, take1) = ((float)_beta1, (float)(1 - _beta1));
        var (keep2, take2) = ((float)_beta2, (float)(1 - _beta2));
        var (rate, root, epsilon) = ((float)Rate, (float)Root, (float)Epsilon);
        var blocks = MemoryMarshal.Cast<float, Vector<float>>(value);
        var means = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var squares = MemoryMarshal.Cast<float, Vector<float>>(square);
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < blocks.Length; i++)
        {
            var g = gradients[i];
            var m = means[i] = (means[i] * keep1) + (g * take1);
            var v = squares[i] = (squares[i] * keep2) + (g * g * take2);
            blocks[i] -= m * rate / ((Vector.SquareRoot(v) * root) + new Vector<float>(epsilon));
        }

        for (var i = blocks.Length * Vector<float>.Count; i < value.Length; i++)
        {
            var g = gradient[i];
            var m = mean[i] = (mean[i] * keep1) + (g * take1);
            var v = square[i] = (square[i] * keep2) + (g * g * take2);
            value[i] -= rate * m / ((root * MathF.Sqrt(v)) + epsilon);
        }
    }

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
