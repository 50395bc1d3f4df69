using System.Globalization;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>Which training options are accepted, and how a run is described in its manifest.</summary>
internal static class TrainingRules
{
    /// <summary>Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.InvalidValue"/> at the first
    /// option out of its range.</summary>
    public static void Check(TrainingOptions options)
    {
        Require(options.Rank is >= 1 and <= 512, nameof(options.Rank), options.Rank, "1 to 512");
        Require(options.OfferEpochs is >= 0 and <= 10_000, nameof(options.OfferEpochs), options.OfferEpochs,
            "0 to 10000");
        Require(options.HoldOutShare is >= 0 and <= 0.5, nameof(options.HoldOutShare), options.HoldOutShare,
            "0 to 0.5");
        var weights = options.Weights;
        Require(weights.HalfLife > TimeSpan.Zero, nameof(weights.HalfLife), weights.HalfLife, "above 0");
        Require(weights.View is >= 0 and <= 1e6, nameof(weights.View), weights.View, "0 to 1000000");
        Require(weights.Cart is >= 0 and <= 1e6, nameof(weights.Cart), weights.Cart, "0 to 1000000");
        Require(weights.Purchase is >= 0 and <= 1e6, nameof(weights.Purchase), weights.Purchase, "0 to 1000000");
    }

    /// <summary>Options, seed, backend and data range by name.</summary>
    public static Dictionary<string, string> Describe(
        TrainingOptions options, BehaviourTrace trace, BehaviourMatrix matrix, SvdFactors factors) => new()
    {
        ["reason"] = options.Reason,
        ["rank"] = Text(factors.Rank),
        ["seed"] = Text(options.Seed),
        ["offer_epochs"] = Text(options.OfferEpochs),
        ["hold_out_share"] = Text(options.HoldOutShare),
        ["weight_view"] = Text(options.Weights.View),
        ["weight_cart"] = Text(options.Weights.Cart),
        ["weight_purchase"] = Text(options.Weights.Purchase),
        ["half_life_days"] = Text(options.Weights.HalfLife.TotalDays),
        ["backend"] = $"cpu, {Environment.ProcessorCount} threads",
        ["events"] = Text(trace.Count),
        ["oldest_event"] = trace.Oldest.ToString("O", CultureInfo.InvariantCulture),
        ["newest_event"] = trace.Newest.ToString("O", CultureInfo.InvariantCulture),
        ["users"] = Text(matrix.Users.Count),
        ["items"] = Text(matrix.Items.Count),
        ["entries"] = Text(matrix.Entries.NonZeros),
        ["svd_passes"] = Text(factors.Iterations),
        ["svd_residual"] = Text(factors.Residual),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds)
        {
            throw new RefusedException(RefusalCodes.InvalidValue, $"{name} must be {rule}, but was {value}.");
        }
    }
}
