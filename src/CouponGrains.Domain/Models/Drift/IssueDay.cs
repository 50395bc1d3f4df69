using CouponGrains.Domain.Events;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Domain.Models.Drift;

/// <summary>What came of the coupons that one model issued.</summary>
/// <param name="Model">The model.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Redeemed">Redeemed, less those rolled back.</param>
/// <param name="Explored">Of the issued, those drawn at random that were not the best.</param>
/// <param name="ExploredRedeemed">Redeemed ones of them.</param>
/// <param name="BestAlone">The sums for the policy that issues the best without exploration.</param>
public sealed record ModelOutcome(
    ModelVersion Model, long Issued, long Redeemed, long Explored, long ExploredRedeemed, PolicySums BestAlone)
{
    /// <summary>What the policy that issues the best without exploration would earn, in redemptions for each
    /// issue.</summary>
    public PolicyEstimate Best => BestAlone.Estimate();

    /// <summary>Both together; they must be of one model.</summary>
    public static ModelOutcome operator +(ModelOutcome a, ModelOutcome b) => a.Model != b.Model
        ? throw new ArgumentException("Outcomes of different models do not add up.", nameof(b))
        : new(
            a.Model, a.Issued + b.Issued, a.Redeemed + b.Redeemed, a.Explored + b.Explored,
            a.ExploredRedeemed + b.ExploredRedeemed, a.BestAlone + b.BestAlone);
}

/// <summary>The coupons issued on one day, and what has come of them so far. Outcomes are counted for the day of the
/// issue, so that what is redeemed early does not stand for all.</summary>
/// <param name="Day">Midnight UTC of the day of the issues.</param>
/// <param name="Issued">Coupons issued.</param>
/// <param name="Settled">Of them, redeemed or run out.</param>
/// <param name="Calibration">Of those whose redemption probability was told.</param>
/// <param name="Models">By model.</param>
public sealed record IssueDay(
    DateTimeOffset Day, long Issued, long Settled, Calibration Calibration, IReadOnlyList<ModelOutcome> Models)
{
    /// <summary>Days are kept this long; then they are taken as they are.</summary>
    public const int DaysMax = 60;

    /// <summary>The share of a day's issues that must be settled before the day counts.</summary>
    public const double SettledMin = 0.95;

    /// <summary>A day without issues.</summary>
    public static IssueDay Empty(DateTimeOffset day) => new(day, 0, 0, Calibration.Empty, []);

    /// <summary>True once nearly all is settled: the rest counts as not redeemed.</summary>
    public bool IsMature => Issued > 0 && Settled >= SettledMin * Issued;

    /// <summary>The day with one more event of a coupon issued on it; events without what was known at the issue change
    /// nothing.</summary>
    public IssueDay With(UserEvent e)
    {
        if (e.Exposure is not { } known || StepOf(e.Kind) is not { } step)
        {
            return this;
        }

        var propensity = e.Propensity ?? 1;
        // Exploration is at most a half, so the best is drawn with more than a half, and every other with at most a
        // half.
        var isBest = propensity > 0.5;
        var outcomes = Models.ToDictionary(m => m.Model);
        var before = outcomes.GetValueOrDefault(known.Model) ?? new(known.Model, 0, 0, 0, 0, default);
        outcomes[known.Model] = before with
        {
            Issued = before.Issued + step.Issued,
            Redeemed = before.Redeemed + step.Redeemed,
            Explored = before.Explored + (isBest ? 0 : step.Issued),
            ExploredRedeemed = before.ExploredRedeemed + (isBest ? 0 : step.Redeemed),
            BestAlone = Sums(before.BestAlone, step, propensity, isBest),
        };
        return new(
            Day, Issued + step.Issued, Settled + step.Settled,
            known.RedemptionProbability is { } p ? With(Calibration, p, step) : Calibration,
            [.. outcomes.Values.OrderBy(m => m.Model.Number)]);
    }

    private static Calibration With(Calibration calibration, double probability, Step step)
    {
        CalibrationBin[] bins = [.. calibration.Bins];
        bins[Calibration.BinOf(probability)] +=
            new CalibrationBin(step.Issued, step.Issued * probability, step.Redeemed);
        return new(bins);
    }

    private static PolicySums Sums(PolicySums sums, Step step, double propensity, bool isBest)
    {
        var target = isBest ? 1 : 0;
        if (step.Issued > 0)
        {
            return sums.With(new(propensity, target, 0));
        }

        var weight = target / propensity;
        var (earned, squared) = (step.Redeemed * weight, step.Redeemed * weight * weight);
        return sums + new PolicySums(0, 0, 0, earned, squared, squared);
    }

    private static Step? StepOf(EventKind kind) => kind switch
    {
        EventKind.Issued => new(1, 0, 0),
        EventKind.Redeemed => new(0, 1, 1),
        EventKind.RolledBack => new(0, -1, -1),
        EventKind.Expired => new(0, 0, 1),
        _ => null,
    };

    private readonly record struct Step(int Issued, int Redeemed, int Settled);
}
