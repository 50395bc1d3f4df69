using System.Globalization;
using System.Net;
using CouponGrains.Domain;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Hosting;

/// <summary>How often one caller may ask, as a process is told it.</summary>
public static class RateLimitSettings
{
    private const int ReadsUsually = 60_000;
    private const int WritesUsually = 30_000;
    private const int StrangersUsually = 120;
    private const int Most = 6_000_000;

    /// <summary>Reads <c>ReadsPerMinute</c>, <c>WritesPerMinute</c> and <c>StrangersPerMinute</c> of a section: without
    /// them there are limits unless the process answers this machine alone. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>.</summary>
    public static RateOptions Read(IConfiguration section, Front front)
    {
        var alone = IPAddress.IsLoopback(front.Address);
        return new(
            Whole(section, "ReadsPerMinute", "reads-per-minute", alone ? 0 : ReadsUsually),
            Whole(section, "WritesPerMinute", "writes-per-minute", alone ? 0 : WritesUsually),
            Whole(section, "StrangersPerMinute", "strangers-per-minute", alone ? 0 : StrangersUsually));
    }

    private static int Whole(IConfiguration section, string name, string option, int otherwise) => section[name] switch
    {
        null => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= Most => value,
        var text => throw new RefusedException(
            RefusalCodes.BadOption, $"{option} is '{text}', but must be a whole number from 0 to {Most}."),
    };
}
