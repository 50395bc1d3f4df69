using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Access;

/// <summary>How often an address may show what is no good key or token: each costs a look into the store. When it was
/// too often, what was never good here is not looked at before a while has gone. What was good is, so that nobody is
/// shut out by who comes from the same address, as behind a proxy.</summary>
internal sealed class Strangers(int perMinute) : IDisposable
{
    /// <summary>What was good and is remembered, as hashes.</summary>
    private const int Max = 20_000;

    private readonly ConcurrentDictionary<string, byte> _good = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<string> _wrong = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = Math.Max(1, perMinute), TokensPerPeriod = 1, QueueLimit = 0,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / Math.Max(1, perMinute),
        }), StringComparer.Ordinal);

    /// <summary>Why what a request shows is not looked at, or null if it is.</summary>
    public Refusal? Refuse(HttpContext http)
    {
        var shown = Shown(http);
        if (perMinute == 0 || shown.Length == 0 || _good.ContainsKey(KeySecret.Hash(shown)))
        {
            return null;
        }

        if (_wrong.GetStatistics(RateLimits.AddressOf(http)) is not { CurrentAvailablePermits: 0 })
        {
            return null;
        }

        http.Response.Headers.RetryAfter = Math.Max(1, 60 / perMinute).ToString(CultureInfo.InvariantCulture);
        return new(
            RefusalCodes.TooManyRequests, $"An address may show {perMinute} keys a minute that are none; come back later.");
    }

    /// <summary>Remembers what became of what a request showed.</summary>
    public void Note(HttpContext http, bool isGood)
    {
        var shown = Shown(http);
        if (perMinute == 0 || shown.Length == 0)
        {
            return;
        }

        if (!isGood)
        {
            _wrong.AttemptAcquire(RateLimits.AddressOf(http)).Dispose();
            return;
        }

        if (_good.Count >= Max)
        {
            _good.Clear();
        }

        _good.TryAdd(KeySecret.Hash(shown), 0);
    }

    public void Dispose() => _wrong.Dispose();

    private static string Shown(HttpContext http) => http.Request.Headers.Authorization.ToString();
}
