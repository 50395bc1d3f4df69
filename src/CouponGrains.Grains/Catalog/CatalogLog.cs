using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Catalog;

internal static partial class CatalogLog
{
    [LoggerMessage(1400, LogLevel.Warning, "What users told of new items could not be stored and is tried again.")]
    public static partial void EvidenceFailed(ILogger log, Exception fault);
}
