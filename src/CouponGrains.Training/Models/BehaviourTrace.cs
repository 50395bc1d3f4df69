using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Training.Models;

/// <summary>Events that an evaluation holds in memory anyway, kept so that matrices of several instants and several
/// weights are made of them. A training run streams: see <see cref="BehaviourAccumulator"/>.</summary>
public sealed class BehaviourTrace
{
    private readonly List<UserEvent> _events = [];

    /// <summary>Events kept.</summary>
    public int Count => _events.Count;

    /// <summary>The oldest event kept; meaningless if there is none.</summary>
    public DateTimeOffset Oldest { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Takes one event.</summary>
    public void Add(UserEvent e)
    {
        _events.Add(e);
        Oldest = e.At < Oldest ? e.At : Oldest;
    }

    /// <summary>The behaviour matrix of the events at or before <paramref name="until"/>.</summary>
    internal BehaviourMatrix Matrix(BehaviourWeights weights, DateTimeOffset until)
    {
        var behaviour = new BehaviourAccumulator(weights, DateTimeOffset.MaxValue);
        foreach (var e in _events.Where(e => e.At <= until))
        {
            behaviour.Add(e);
        }

        return behaviour.TakeMatrix(CancellationToken.None);
    }
}
