namespace CouponGrains.Domain.Experiments;

/// <summary>One choice that was logged.</summary>
/// <param name="Propensity">The probability with which the policy at the time made it, above 0.</param>
/// <param name="Target">The probability with which the policy in question would have made it.</param>
/// <param name="Outcome">What came of it, for example 1 for redeemed and 0 for not.</param>
public readonly record struct LoggedChoice(double Propensity, double Target, double Outcome);

/// <summary>What another policy would have earned for each choice, told from choices that were logged with their
/// propensities.</summary>
/// <param name="Choices">Choices that were logged.</param>
/// <param name="Ips">Inverse propensity scoring, <c>1/n Σ w y</c> with <c>w = target / propensity</c>: unbiased where
/// the policy at the time could make every choice of the other (Horvitz and Thompson 1952).</param>
/// <param name="SelfNormalised"><c>Σ w y / Σ w</c>: a little biased, and much steadier (Swaminathan and Joachims
/// 2015). 0 where no choice has a weight.</param>
/// <param name="StandardError">Of <paramref name="SelfNormalised"/>, by the delta method.</param>
/// <param name="EffectiveChoices"><c>(Σ w)² / Σ w²</c>: how many equally weighted choices tell as much.</param>
public sealed record PolicyEstimate(
    long Choices, double Ips, double SelfNormalised, double StandardError, double EffectiveChoices)
{
    /// <summary>The estimate from these choices. Throws if a propensity is not above 0 and at most 1.</summary>
    public static PolicyEstimate Of(IEnumerable<LoggedChoice> choices)
    {
        var sums = default(PolicySums);
        foreach (var choice in choices)
        {
            sums = sums.With(choice);
        }

        return sums.Estimate();
    }
}

/// <summary>The sums that an estimate is made of; they add up over days and silos.</summary>
/// <param name="Choices">n.</param>
/// <param name="Weights">Σ w.</param>
/// <param name="SquaredWeights">Σ w².</param>
/// <param name="Earned">Σ w y.</param>
/// <param name="SquaredEarned">Σ w² y².</param>
/// <param name="Cross">Σ w² y.</param>
public readonly record struct PolicySums(
    long Choices, double Weights, double SquaredWeights, double Earned, double SquaredEarned, double Cross)
{
    /// <summary>The sums with one more choice. Throws if its propensity is not above 0 and at most 1.</summary>
    public PolicySums With(LoggedChoice choice)
    {
        if (choice.Propensity is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(choice), choice.Propensity, "A propensity is above 0 to 1.");
        }

        var weight = choice.Target / choice.Propensity;
        var earned = weight * choice.Outcome;
        return new(
            Choices + 1, Weights + weight, SquaredWeights + (weight * weight), Earned + earned,
            SquaredEarned + (earned * earned), Cross + (weight * earned));
    }

    /// <summary>The sums of both.</summary>
    public static PolicySums operator +(PolicySums a, PolicySums b) => new(
        a.Choices + b.Choices, a.Weights + b.Weights, a.SquaredWeights + b.SquaredWeights, a.Earned + b.Earned,
        a.SquaredEarned + b.SquaredEarned, a.Cross + b.Cross);

    /// <summary>What they tell.</summary>
    public PolicyEstimate Estimate()
    {
        if (Choices == 0 || Weights <= 0)
        {
            return new(Choices, 0, 0, 0, 0);
        }

        // Var(Σwy/Σw) ≈ Σ w² (y − ȳ)² / (Σ w)²; expanded, so that the sums suffice.
        var mean = Earned / Weights;
        var spread = SquaredEarned - (2 * mean * Cross) + (mean * mean * SquaredWeights);
        return new(
            Choices, Earned / Choices, mean, Math.Sqrt(Math.Max(0, spread)) / Weights,
            Weights * Weights / SquaredWeights);
    }
}
