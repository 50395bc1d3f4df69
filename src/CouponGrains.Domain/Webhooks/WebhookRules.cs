using System.Net;
using System.Net.Sockets;

namespace CouponGrains.Domain.Webhooks;

/// <summary>Which endpoints are accepted, and what becomes of a delivery after a try. Pure.</summary>
public static class WebhookRules
{
    /// <summary>The longest address, in characters.</summary>
    public const int UrlLengthMax = 2_048;

    /// <summary>How long the secret before still signs.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>After how long without one message arrived an endpoint is disabled.</summary>
    public static readonly TimeSpan FailingMax = TimeSpan.FromDays(5);

    /// <summary>How long after each failed try the next one follows; none after the last.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Further than this in the future no try is planned: a time beyond was written by a clock that was wrong,
    /// and is due.</summary>
    public static TimeSpan PauseMax { get; } = Pauses[^1] * 1.2;

    /// <summary>The first rule that an endpoint breaks, or null.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="allowPrivate">True where this machine and its network may be reached, also without TLS.</param>
    public static Refusal? Check(WebhookEndpoint endpoint, bool allowPrivate)
    {
        if (!IdRules.IsValid(endpoint.Id))
        {
            return new(RefusalCodes.InvalidId, $"An endpoint's id has 1 to {IdRules.LengthMax} characters.", "/id");
        }

        if (endpoint.Types.FirstOrDefault(t => !MessageTypes.All.Contains(t)) is { } unknown)
        {
            return new(RefusalCodes.InvalidValue,
                $"There is no message '{unknown}'; there are {string.Join(", ", MessageTypes.All)}.", "/types");
        }

        if (endpoint.Url.Length > UrlLengthMax || !Uri.TryCreate(endpoint.Url, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp))
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return new(RefusalCodes.InvalidValue,
                "The address is https://…, without a name and password, and without a fragment.", "/url");
        }

        return !allowPrivate && IsPrivateHost(url)
            ? new(RefusalCodes.PrivateAddress, "The address is not on the public network.", "/url")
            : null;
    }

    /// <summary>True for addresses of the public network; not for this machine, private networks, links, groups, and
    /// what is reserved. An IPv4 address inside an IPv6 one counts as itself.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv4MappedToIPv6 ? IsPublic(address.MapToIPv4())
                : bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] ? IsPublic(new IPAddress(bytes[12..]))
                : bytes is [0x20, 0x02, ..] ? IsPublic(new IPAddress(bytes[2..6]))
                // Of what is assigned, 2000::/3 is public, but for documentation and tunnels.
                : (bytes[0] & 0xe0) == 0x20 && bytes is not [0x20, 0x01, < 0x02, ..] and not [0x20, 0x01, 0x0d, 0xb8, ..];
        }

        return bytes is not ([0 or 10 or 127 or >= 224, ..] or [100, >= 64 and < 128, ..] or [169, 254, ..]
            or [172, >= 16 and < 32, ..] or [192, 0, 0 or 2, _] or [192, 88, 99, _] or [192, 168, ..] or [198, 18 or 19, ..]
            or [198, 51, 100, _] or [203, 0, 113, _]);
    }

    /// <summary>The endpoint and the delivery after a try.</summary>
    public static (WebhookEndpoint Endpoint, WebhookDelivery Delivery) After(
        WebhookEndpoint endpoint, WebhookDelivery delivery, DeliveryResult result, DateTimeOffset now)
    {
        var attempts = delivery.Attempts + 1;
        var last = result.Status is { } status ? $"{status}" : result.Fault;
        if (result.Arrived)
        {
            return (endpoint with { FailingSince = null },
                delivery with { State = DeliveryState.Delivered, Attempts = attempts, Last = last });
        }

        var since = endpoint.FailingSince is { } known && known <= now ? known : now;
        var gone = result.Status == 410 || now - since >= FailingMax;
        return (
            endpoint with { FailingSince = since, Status = gone ? WebhookStatus.Disabled : endpoint.Status },
            attempts > Pauses.Count
                ? delivery with { State = DeliveryState.Failed, Attempts = attempts, Last = last }
                : delivery with { Attempts = attempts, Last = last, NextAt = now + Pause(delivery.Message.Id, attempts) });
    }

    /// <summary>The endpoint with a new secret; the one before signs too for <see cref="Overlap"/>.</summary>
    public static WebhookEndpoint Rotate(WebhookEndpoint endpoint, string secret, DateTimeOffset now) => endpoint with
    {
        Secret = secret,
        PreviousSecret = endpoint.Secret,
        PreviousUntil = now + Overlap,
    };

    /// <summary>What is sent.</summary>
    public static string Body(OutboxMessage message) =>
        $$"""{"type":"{{message.Type}}","timestamp":"{{message.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","data":{{message.Data}}}""";

    /// <summary>Spread by up to a fifth, so that many messages that failed together do not come back
    /// together.</summary>
    private static TimeSpan Pause(string id, int attempts) =>
        Pauses[attempts - 1] * (1 + ((StableHash.Of(id, $"{attempts}") & 0xffff) / 65_536.0 * 0.2));

    private static bool IsPrivateHost(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        return IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? !IsPublic(address)
            : !host.Contains('.') || Ends(host, ".localhost") || Ends(host, ".local") || Ends(host, ".internal");
    }

    private static bool Ends(string host, string with) => host.EndsWith(with, StringComparison.OrdinalIgnoreCase);
}
