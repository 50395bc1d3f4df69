using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Campaigns;

internal static partial class CampaignsLog
{
    [LoggerMessage(1200, LogLevel.Information, "Wave {Wave} of campaign {Campaign} began.")]
    public static partial void WaveBegan(ILogger log, string wave, string campaign);

    [LoggerMessage(1201, LogLevel.Information, "Wave {Wave} of campaign {Campaign} is done: {Seen} users, {Issued} coupons.")]
    public static partial void WaveEnded(ILogger log, string wave, string campaign, long seen, long issued);

    [LoggerMessage(1202, LogLevel.Warning, "Wave {Wave} of campaign {Campaign} could not ask a user; failures before: {Failures}.")]
    public static partial void WaveFailed(ILogger log, string wave, string campaign, int failures, Exception fault);
}
