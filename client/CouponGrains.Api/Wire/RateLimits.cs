using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>How often one caller may ask, reads and writes apart: a bucket of a minute's requests each, filled again
/// bit by bit. It stands behind the guard, which knows the caller. Every answer to a known caller says what is left
/// (<c>RateLimit</c>, IETF draft-ietf-httpapi-ratelimit-headers); what is too much is answered 429 with
/// <c>Retry-After</c>.</summary>
internal sealed class RateLimits : IDisposable
{
    private const int Minute = 60;

    private readonly RequestDelegate _next;
    private readonly Policy _reads;
    private readonly Policy _writes;

    public RateLimits(RequestDelegate next, RateOptions options)
    {
        _next = next;
        _reads = new("reads", options.ReadsPerMinute);
        _writes = new("writes", options.WritesPerMinute);
    }

    public async Task Invoke(HttpContext http)
    {
        var method = http.Request.Method;
        var policy = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? _reads : _writes;
        if (policy.PerMinute == 0 || !http.Request.Path.StartsWithSegments("/v1"))
        {
            await _next(http);
            return;
        }

        var caller = NameOf(http);
        using var lease = policy.Limiter.AttemptAcquire(caller);
        var left = policy.Limiter.GetStatistics(caller)?.CurrentAvailablePermits ?? 0;
        var full = (int)Math.Ceiling((policy.PerMinute - left) * (double)Minute / policy.PerMinute);
        http.Response.Headers["RateLimit-Policy"] = $"\"{policy.Name}\";q={policy.PerMinute};w={Minute}";
        http.Response.Headers["RateLimit"] = $"\"{policy.Name}\";r={left};t={full}";
        if (lease.IsAcquired)
        {
            await _next(http);
            return;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        http.Response.Headers.RetryAfter =
            Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await Problem.Of(new Refusal(
            RefusalCodes.TooManyRequests,
            $"A caller may send {policy.PerMinute} {policy.Name} a minute.")).ExecuteAsync(http);
    }

    public void Dispose()
    {
        _reads.Limiter.Dispose();
        _writes.Limiter.Dispose();
    }

    /// <summary>The key or the operator that the request came with; otherwise the address.</summary>
    private static string NameOf(HttpContext http)
    {
        if (http.Features.Get<Caller>() is { Kind: not CallerKind.Local } known)
        {
            return known.Actor.ToString();
        }

        return AddressOf(http);
    }

    /// <summary>The address that a request came from; of IPv6 the network, which is what one caller has.</summary>
    internal static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <summary>How many requests a bucket gets back at a time, and how often: about once a second, and so that a
    /// minute fills it.</summary>
    internal static (int Tokens, TimeSpan Period) Refill(int perMinute)
    {
        var tokens = Math.Max(1, perMinute / Minute);
        return (tokens, TimeSpan.FromMinutes((double)tokens / Math.Max(1, perMinute)));
    }

    private sealed class Policy(string name, int perMinute)
    {
        public string Name => name;

        public int PerMinute => perMinute;

        public PartitionedRateLimiter<string> Limiter { get; } = PartitionedRateLimiter.Create<string, string>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
            {
                TokenLimit = Math.Max(1, perMinute),
                TokensPerPeriod = Refill(perMinute).Tokens,
                ReplenishmentPeriod = Refill(perMinute).Period,
                QueueLimit = 0,
            }), StringComparer.Ordinal);
    }
}
