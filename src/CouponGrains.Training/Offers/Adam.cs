using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1):
/// <code>
///   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
///   θ ← θ − α m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// With a largest norm G of all gradients together, g is first scaled by <c>min(1, G / ‖g‖)</c> (Pascanu et al. 2013).
/// Our own because of <see cref="Constant"/>: the library's hands plain numbers to every operator.
/// </summary>
internal sealed class Adam
{
    private const double Epsilon = 1e-8;

    private readonly (Parameter Value, Tensor Mean, Tensor Square)[] _parameters;
    private readonly double _rate;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _normMax;
    private int _steps;

    /// <summary>Makes its tensors in the current scope, which must outlive it.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="rate">α.</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="normMax">G; 0 scales nothing.</param>
    public Adam(IEnumerable<Parameter> parameters, double rate, double beta1 = 0.9, double beta2 = 0.999, double normMax = 0)
    {
        _parameters = [.. parameters.Select(p => (p, zeros_like(p), zeros_like(p)))];
        (_rate, _beta1, _beta2, _normMax) = (rate, beta1, beta2, normMax);
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
        var (keep1, take1) = (Constant.Of(_beta1), Constant.Of(1 - _beta1));
        var (keep2, take2) = (Constant.Of(_beta2), Constant.Of(1 - _beta2));
        var rate = Constant.Of(_rate / (1 - Math.Pow(_beta1, _steps)));
        var root = Constant.Of(1 / Math.Sqrt(1 - Math.Pow(_beta2, _steps)));
        var epsilon = Constant.Of(Epsilon);
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
            gradient.mul_(Constant.Of(_normMax / norm));
        }
    }
}
