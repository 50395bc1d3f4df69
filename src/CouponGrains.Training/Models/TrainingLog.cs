using CouponGrains.Domain.Models.Response;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Training.Models;

/// <summary>What training writes to the log; event ids 3000 to 3999.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(3000, LogLevel.Information,
        "Training begins: rank {Rank}, seed {Seed}, {Epochs} offer epochs, reason {Reason}")]
    public static partial void Begins(this ILogger logger, int rank, int seed, int epochs, string reason);

    [LoggerMessage(3001, LogLevel.Information,
        "Read {Events} events of behaviour, {Users} users x {Items} items, in {Seconds:F1} s")]
    public static partial void Read(this ILogger logger, long events, int users, int items, double seconds);

    [LoggerMessage(3002, LogLevel.Information,
        "Held-out part: HR@10 {HitRate:F4}, NDCG@10 {Ndcg:F4} "
        + "(popularity {PopularHitRate:F4}, {PopularNdcg:F4}) over {Users} users")]
    public static partial void Measured(
        this ILogger logger, double hitRate, double ndcg, double popularHitRate, double popularNdcg, int users);

    [LoggerMessage(3003, LogLevel.Information,
        "Factorised {Entries} entries at rank {Rank}: {Passes} passes, residual {Residual:E1}, {Seconds:F2} s on {Backend}")]
    public static partial void Factorised(
        this ILogger logger, long entries, int rank, int passes, double residual, double seconds, string backend);

    [LoggerMessage(3004, LogLevel.Information,
        "Trained the offer generator on {Examples} examples ({Own} from the shop's coupons) in {Seconds:F1} s")]
    public static partial void Generator(this ILogger logger, int examples, int own, double seconds);

    [LoggerMessage(3005, LogLevel.Information,
        "Designed {Count} of {Wanted} offers ({Refused} refused by the decoder, {Repeated} repeated)")]
    public static partial void Designed(this ILogger logger, int count, int wanted, int refused, int repeated);

    [LoggerMessage(3006, LogLevel.Information, "Training ends: artifact of {Bytes} bytes after {Seconds:F1} s")]
    public static partial void Ends(this ILogger logger, int bytes, double seconds);

    [LoggerMessage(3007, LogLevel.Information,
        "Trained the response model (encoder {Encoder}, first layer {First}) on {Issues} issues: validation loss {Loss:F4}, {Seconds:F1} s")]
    public static partial void Response(
        this ILogger logger, ResponseEncoder encoder, int first, int issues, double loss, double seconds);

    [LoggerMessage(3008, LogLevel.Information,
        "Response model on the {Issues} newest issues: log loss {Loss:F4} (segments {Prior:F4}, in force {Current:F4}), AUC {Auc:F4}")]
    public static partial void ResponseMeasured(
        this ILogger logger, int issues, double loss, double prior, double? current, double auc);

    [LoggerMessage(3009, LogLevel.Warning, "The new response model is not carried: {Why} {Instead}")]
    public static partial void ResponseDropped(this ILogger logger, string why, string instead);

    [LoggerMessage(3010, LogLevel.Information,
        "{Events} events are of coupons whose issue is not in the log, such as an imported history's, and teach nothing")]
    public static partial void UnknownCoupons(this ILogger logger, long events);
}
