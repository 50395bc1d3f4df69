using CouponGrains.Domain.Profiles;

namespace CouponGrains.Api;

/// <summary>Limits and rhythms of the HTTP API.</summary>
public sealed record ApiOptions
{
    /// <summary>The largest request body, in bytes; a larger one is answered with 413.</summary>
    public long BodyBytesMax { get; init; } = 2 * 1024 * 1024;

    /// <summary>How long a coupon stream stays silent before it sends a heartbeat.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often one caller may ask.</summary>
    public RateOptions Rates { get; init; } = new(0, 0);

    /// <summary>What users are turned into at the door; null keeps the shop's ids.</summary>
    public Pseudonyms? Pseudonyms { get; init; }

    /// <summary>How long the readiness probe waits for the cluster.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How often one caller may ask.</summary>
/// <param name="ReadsPerMinute">GET and HEAD; 0 for no limit.</param>
/// <param name="WritesPerMinute">All other requests; 0 for no limit.</param>
/// <param name="StrangersPerMinute">Wrong keys and tokens from one address; 0 for no limit.</param>
public sealed record RateOptions(int ReadsPerMinute, int WritesPerMinute, int StrangersPerMinute = 0);
