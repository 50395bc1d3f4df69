using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>The running mean of a network's weights: <c>m ← s m + (1 − s) θ</c>, begun at θ, with s rising to its end
/// over the first steps.</summary>
internal sealed class RunningMean
{
    private readonly (Tensor Value, Tensor Mean)[] _parameters;
    private readonly double _share;
    private int _steps;

    /// <summary>Makes its tensors in the current scope, which must outlive it.</summary>
    public RunningMean(IEnumerable<Tensor> parameters, double share)
    {
        _parameters = [.. parameters.Select(p => (p, p.detach().clone()))];
        _share = share;
    }

    /// <summary>Takes in the weights as they are now.</summary>
    public void Follow()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _steps++;
        var share = Math.Min(_share, _steps / (_steps + 10.0));
        var take = Constant.Of(1 - share, _parameters[0].Value.device);
        foreach (var (value, mean) in _parameters)
        {
            mean.lerp_(value, take);
        }
    }

    /// <summary>Makes the weights their mean.</summary>
    public void Settle()
    {
        using var quiet = no_grad();
        foreach (var (value, mean) in _parameters)
        {
            value.copy_(mean);
        }
    }
}
