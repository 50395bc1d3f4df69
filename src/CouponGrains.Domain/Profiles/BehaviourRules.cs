namespace CouponGrains.Domain.Profiles;

/// <summary>Which weights of behaviour are accepted.</summary>
public static class BehaviourRules
{
    /// <summary>The largest weight of one event.</summary>
    public const double WeightMax = 1e6;

    /// <summary>The shortest half-life.</summary>
    public static readonly TimeSpan HalfLifeMin = TimeSpan.FromHours(1);

    /// <summary>The longest half-life.</summary>
    public static readonly TimeSpan HalfLifeMax = TimeSpan.FromDays(36_500);

    /// <summary>The first rule that <paramref name="weights"/> break, or null if they are accepted. Pointers are
    /// relative to the weights.</summary>
    public static Refusal? Check(BehaviourWeights weights)
    {
        foreach (var (name, weight) in (ReadOnlySpan<(string, double)>)
            [
                ("view", weights.View), ("cart", weights.Cart), ("purchase", weights.Purchase),
                ("refund", weights.Refund),
            ])
        {
            if (weight is not (>= 0 and <= WeightMax))
            {
                return new(RefusalCodes.InvalidValue,
                    $"The weight of a {name} must be 0 to {WeightMax}, but was {weight}.", "/" + name);
            }
        }

        return weights.HalfLife >= HalfLifeMin && weights.HalfLife <= HalfLifeMax
            ? null
            : new(RefusalCodes.InvalidValue,
                $"The half-life must be 1 hour to {HalfLifeMax.TotalDays} days, but was {weights.HalfLife}.",
                "/halfLifeSeconds");
    }
}
