using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Domain.Webhooks;

/// <summary>Something that happened, to be told to whoever listens. Written in the transaction in which it
/// happened.</summary>
/// <param name="Id">Made from what happened, so that one happening is one message: <c>msg_…</c>.</param>
/// <param name="Type">One of <see cref="MessageTypes"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">A JSON object. Of persons it holds the user's id, as the shop itself names him, and no
/// more.</param>
public sealed record OutboxMessage(string Id, string Type, DateTimeOffset At, string Data);

/// <summary>What messages tell of.</summary>
public static class MessageTypes
{
#pragma warning disable CS1591 // The names say it.
    public const string CouponIssued = "coupon.issued";
    public const string CouponClaimed = "coupon.claimed";
    public const string CouponRedeemed = "coupon.redeemed";
    public const string CouponRolledBack = "coupon.rolled_back";
    public const string CouponExpired = "coupon.expired";
    public const string OrderReturned = "order.returned";
    public const string BudgetThreshold = "budget.threshold";
    public const string ModelPromoted = "model.promoted";
    public const string Test = "webhook.test";
#pragma warning restore CS1591

    /// <summary>All that an endpoint can ask for.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CouponIssued, CouponClaimed, CouponRedeemed, CouponRolledBack, CouponExpired, OrderReturned, BudgetThreshold,
        ModelPromoted,
    ];
}

/// <summary>Makes messages.</summary>
public static class OutboxMessages
{
    /// <summary>Shares of the budget, in per cent, that are told when what is spent first reaches them.</summary>
    public static IReadOnlyList<int> Thresholds { get; } = [50, 80, 90, 100];

    /// <summary>The message of a coupon's event, or null for events that are not told.</summary>
    public static OutboxMessage? Of(UserEvent e, Coupon coupon)
    {
        var type = e.Kind switch
        {
            EventKind.Issued => MessageTypes.CouponIssued,
            EventKind.Claimed => MessageTypes.CouponClaimed,
            EventKind.Redeemed => MessageTypes.CouponRedeemed,
            EventKind.RolledBack => MessageTypes.CouponRolledBack,
            EventKind.Expired => MessageTypes.CouponExpired,
            _ => null,
        };
        return type is null ? null : new(IdOf(e.Id.Value), type, e.At, Write(data =>
        {
            data.WriteString("code", coupon.Code);
            data.WriteString("user", coupon.User.Value);
            data.WriteString("campaign", coupon.Campaign.Value);
            data.WriteString("offer", coupon.Offer.Value);
            data.WriteString("expiresAt", coupon.ExpiresAt.UtcDateTime);
            if (e.Order is { } order)
            {
                data.WriteString("order", order);
            }

            if (e.Amount is { } amount)
            {
                Write(data, "discount", amount);
            }
        }));
    }

    /// <summary>Pieces of an order came back, and each coupon that was used on it gave back its part of the
    /// discount.</summary>
    /// <param name="booked">The return.</param>
    /// <param name="lines">The lines of which pieces came back.</param>
    /// <param name="coupons">The coupons in force on the order, with minor units of the discount that they gave
    /// back.</param>
    public static OutboxMessage Returned(
        OrderReturn booked, IReadOnlyList<ReturnedLine> lines, IEnumerable<(UsedCoupon Coupon, long Back)> coupons) => new(
        IdOf($"return:{booked.Key}"), MessageTypes.OrderReturned, booked.At, Write(data =>
        {
            data.WriteString("return", booked.Key);
            data.WriteString("order", booked.Order);
            data.WriteString("user", booked.User.Value);
            Write(data, "money", booked.Value.Money);
            Write(data, "discount", booked.BudgetBack);
            data.WriteStartArray("lines");
            foreach (var line in lines)
            {
                data.WriteStartObject();
                data.WriteString("item", line.Item.Value);
                data.WriteNumber("quantity", line.Quantity);
                Write(data, "money", line.Money);
                data.WriteEndObject();
            }

            data.WriteEndArray();
            data.WriteStartArray("coupons");
            foreach (var (coupon, back) in coupons)
            {
                data.WriteStartObject();
                data.WriteString("code", coupon.Code);
                Write(data, "discount", new(back, booked.BudgetBack.Currency));
                data.WriteEndObject();
            }

            data.WriteEndArray();
        }));

    /// <summary>The highest threshold that <paramref name="use"/> reaches above <paramref name="told"/>, or
    /// null.</summary>
    public static int? Reached(BudgetUse use, int told) => Thresholds
        .Where(percent => percent > told && use.Limit.Minor > 0
            && (Int128)use.Spent.Minor * 100 >= (Int128)use.Limit.Minor * percent)
        .Cast<int?>().Max();

    /// <summary>The least that is to be spent of a budget for the next threshold above <paramref name="told"/> to be
    /// reached, in minor units; null if there is none.</summary>
    public static long? NextThreshold(Money limit, int told) => limit.Minor == 0 ? null
        : Thresholds.Where(percent => percent > told).Order()
            .Select(percent => (long?)(long)((((Int128)limit.Minor * percent) + 99) / 100)).FirstOrDefault();

    /// <summary>A campaign has spent a share of its budget.</summary>
    public static OutboxMessage Threshold(CampaignId campaign, BudgetUse use, int percent, DateTimeOffset at) => new(
        IdOf($"budget:{campaign}:{use.Limit.Minor}:{percent}:{at.UtcTicks}"), MessageTypes.BudgetThreshold, at, Write(data =>
        {
            data.WriteString("campaign", campaign.Value);
            data.WriteNumber("percent", percent);
            Write(data, "budget", use.Limit);
            Write(data, "spent", use.Spent);
            Write(data, "reserved", use.Reserved);
        }));

    /// <summary>Another model is in force.</summary>
    /// <param name="promotion">The step.</param>
    /// <param name="number">Its number among all steps.</param>
    public static OutboxMessage Promoted(ModelPromotion promotion, long number) => new(
        IdOf($"promotion:{number}"), MessageTypes.ModelPromoted, promotion.At, Write(data =>
        {
            data.WriteNumber("version", promotion.To.Number);
            data.WriteNumber("before", promotion.From.Number);
            data.WriteString("reason", promotion.Reason);
        }));

    /// <summary>A message that tells of nothing, to try an endpoint with.</summary>
    public static OutboxMessage Test(string endpoint, DateTimeOffset at) => new(
        IdOf($"test:{endpoint}:{at.UtcTicks}"), MessageTypes.Test, at, Write(data => data.WriteString("endpoint", endpoint)));

    private static string IdOf(string happening) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(happening)).AsSpan(0, 16));

    private static void Write(Utf8JsonWriter data, string name, Money amount)
    {
        data.WriteStartObject(name);
        data.WriteNumber("minor", amount.Minor);
        data.WriteString("currency", amount.Currency.Code);
        data.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var data = new Utf8JsonWriter(bytes))
        {
            data.WriteStartObject();
            members(data);
            data.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
