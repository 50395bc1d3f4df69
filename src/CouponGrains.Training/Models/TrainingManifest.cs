using System.Globalization;
using System.Text.Json;
using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models;

/// <summary>How a run is described in the manifest of its model.</summary>
internal static class TrainingManifest
{
    /// <summary>Options, seed, backend and data range by name.</summary>
    public static Dictionary<string, string> Describe(
        TrainingOptions options, FittedModel fitted, ModelSnapshot? before, BehaviourAccumulator behaviour,
        BehaviourMatrix matrix)
    {
        var (used, factors) = (fitted.Used, fitted.Factors);
        return new()
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
            ["tuned"] = fitted.Tuned ? "true" : "false",
            ["user_exponent"] = Text(used.UserExponent),
            ["item_exponent"] = Text(used.ItemExponent),
            ["filter"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(used.Filter.ToString()),
            ["filter_shape"] = Text(used.FilterShape),
            ["low_pass_weight"] = Text(used.LowPassWeight),
            ["lift"] = Text(used.Lift),
            ["neighbours"] = Text(used.Neighbours),
            ["neighbour_power"] = Text(used.NeighbourPower),
            ["sharpening"] = Text(used.Sharpening),
            ["repeat_weight"] = Text(used.RepeatWeight),
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
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
