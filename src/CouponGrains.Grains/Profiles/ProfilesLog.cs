using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Profiles;

internal static partial class ProfilesLog
{
    [LoggerMessage(1100, LogLevel.Warning, "A profile's snapshot could not be stored; the event log still has all of it.")]
    public static partial void SnapshotFailed(ILogger log, Exception fault);

    [LoggerMessage(1101, LogLevel.Warning, "A coupon was issued but could not be pushed; it is in the wallet.")]
    public static partial void PushFailed(ILogger log, Exception fault);

    [LoggerMessage(1102, LogLevel.Warning, "What an event tells of a new item could not be sent; the next training run sees it.")]
    public static partial void TouchFailed(ILogger log, Exception fault);
}
