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

    /// <summary>The newest event kept; meaningless if there is none.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The events kept.</summary>
    internal IReadOnlyList<UserEvent> Events => _events;

    /// <summary>Takes one event; kinds that tell nothing of an item are passed over.</summary>
    public void Add(UserEvent e)
    {
        if (e.Item is null || e.Kind is not (EventKind.View or EventKind.Cart or EventKind.Purchase or EventKind.Refund))
        {
            return;
        }

        _events.Add(e);
        Oldest = e.At < Oldest ? e.At : Oldest;
        Newest = e.At > Newest ? e.At : Newest;
    }

    /// <summary>The instant that <paramref name="newestShare"/> of the events at or before <paramref name="until"/> lie
    /// behind; <paramref name="until"/> if there is none.</summary>
    public DateTimeOffset Split(double newestShare, DateTimeOffset until)
    {
        var instants = _events.Where(e => e.At <= until).Select(e => e.At).Order().ToArray();
        return instants.Length == 0
            ? until
            : instants[Math.Clamp((int)Math.Ceiling(instants.Length * (1 - newestShare)) - 1, 0, instants.Length - 1)];
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
