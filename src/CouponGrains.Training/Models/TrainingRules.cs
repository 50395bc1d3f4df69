using System.Globalization;
using System.Text.Json;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;

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
        Require(!options.Tune || options.HoldOutShare > 0, nameof(options.HoldOutShare), options.HoldOutShare,
            "above 0 for a search");
        if ((BehaviourRules.Check(options.Weights) ?? SpectralRules.Check(options.Spectral)) is { } refusal)
        {
            throw new RefusedException(refusal);
        }
    }

    /// <summary>Options, seed, backend and data range by name.</summary>
    public static Dictionary<string, string> Describe(
        TrainingOptions options, SpectralOptions chosen, ModelSnapshot? before, BehaviourAccumulator behaviour,
        BehaviourMatrix matrix, SvdFactors factors) => new()
    {
        ["reason"] = options.Reason,
        ["rank"] = Text(factors.Rank),
        ["seed"] = Text(options.Seed),
        ["offer_epochs"] = Text(options.OfferEpochs),
        ["hold_out_share"] = Text(options.HoldOutShare),
        ["weight_view"] = Text(options.Weights.View),
        ["weight_cart"] = Text(options.Weights.Cart),
        ["weight_purchase"] = Text(options.Weights.Purchase),
        ["weight_refund"] = Text(options.Weights.Refund),
        ["half_life_days"] = Text(options.Weights.HalfLife.TotalDays),
        ["tuned"] = options.Tune ? "true" : "false",
        ["user_exponent"] = Text(chosen.UserExponent),
        ["item_exponent"] = Text(chosen.ItemExponent),
        ["filter"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(chosen.Filter.ToString()),
        ["filter_shape"] = Text(chosen.FilterShape),
        ["low_pass_weight"] = Text(chosen.LowPassWeight),
        ["lift"] = Text(chosen.Lift),
        ["neighbours"] = Text(chosen.Neighbours),
        ["neighbour_power"] = Text(chosen.NeighbourPower),
        ["sharpening"] = Text(chosen.Sharpening),
        ["repeat_weight"] = Text(chosen.RepeatWeight),
        ["started_from"] = before?.Version.ToString() ?? "random",
        ["backend"] = factors.Backend,
        ["events"] = Text(behaviour.Events),
        ["oldest_event"] = behaviour.Oldest.ToString("O", CultureInfo.InvariantCulture),
        ["newest_event"] = behaviour.Newest.ToString("O", CultureInfo.InvariantCulture),
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
