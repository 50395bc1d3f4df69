using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace CouponGrains.Benchmarks.Ledger;

/// <summary>One campaign of which many users hold a coupon each, in a database that every leg gets a copy of.</summary>
internal static class HotCampaign
{
    public const string Id = "spring";
    public const string OfferName = "five-off";
    public const long DiscountMinor = 500;

    private const string Template = "template_of_legs";

    private static readonly Currency Usd = new("USD");

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Campaign Campaign = new()
    {
        Id = new(Id), Name = "Spring", Status = CampaignStatus.Active, Start = Start.AddDays(-1), End = Start.AddDays(60),
        TimeZone = "Europe/Berlin", Budget = new(1_000_000_000_000, Usd), RedemptionsMax = 1_000_000_000, Audience = new(),
        Caps = new() { OpenPerUser = 3, IssuedPerUser = 20, RedeemedPerUser = 10 },
        Guardrails = new()
        {
            Cap = new(5_000, Usd), MinimumSpendMin = new(0, Usd), MinimumSpendMax = new(10_000, Usd),
            AmountStep = new(50, Usd), WholeCart = true,
        },
        Ranking = new() { Diversity = 0.3 },
    };

    private static readonly Offer Offer = new()
    {
        Id = new(OfferName), Campaign = new(Id), Title = "Five off", Kind = OfferKind.AmountOff,
        Amount = new(DiscountMinor, Usd), ValidFor = TimeSpan.FromDays(14),
    };

    /// <summary>Makes the database: the campaign and its offer by their port, the coupons by COPY. Answers the codes;
    /// the coupon of <c>codes[i]</c> has the number <c>i + 1</c> and the user <see cref="UserOf"/>.</summary>
    public static async Task<string[]> Prepare(PostgresServer server, int coupons)
    {
        await server.Execute("postgres", $"CREATE DATABASE {Template} TEMPLATE template0");
        await using (var store = await Open(server, Template))
        {
            await store.Campaigns.Put(Campaign, default);
            await store.Campaigns.AddOffers([Offer], default);
        }

        string[] codes = [.. Enumerable.Range(0, coupons).Select(_ => CouponCode.New())];
        await Copy(server, codes);
        await server.Execute(Template, $"""
            INSERT INTO users (id) SELECT user_id FROM coupons;
            INSERT INTO items (id) SELECT 'item-' || n FROM generate_series(0, {Items - 1}) n;
            UPDATE campaign_budgets SET issued = {coupons};
            UPDATE offers SET issued = {coupons};
            INSERT INTO events (id, user_id, kind, at, quantity, offer_id, coupon_code, propensity)
            SELECT 'coupon:' || code || ':issued', user_id, 10, issued_at, 1, offer_id, code, propensity FROM coupons;
            UPDATE counters SET value = {coupons} WHERE name = 'events';
            """);
        // Checked last, and outside a transaction, as VACUUM asks.
        await server.Execute(Template, "VACUUM ANALYZE");
        return codes;
    }

    /// <summary>A fresh copy; its name.</summary>
    public static async Task<string> TakeCopy(PostgresServer server, string name)
    {
        await server.Execute("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
        await server.Execute("postgres", "CHECKPOINT");
        return name;
    }

    public static Task Drop(PostgresServer server, string name) =>
        server.Execute("postgres", $"DROP DATABASE {name} WITH (FORCE)");

    public static Task<PostgresStore> Open(PostgresServer server, string database) => PostgresStore.Open(
        server.Connection(database), TimeProvider.System, NullLoggerFactory.Instance);

    public static string UserOf(int coupon) => $"user-{coupon}";

    /// <summary>The request that redeems a coupon on a cart of two lines.</summary>
    public static RedemptionRequest Redeem(string[] codes, int coupon) => new()
    {
        Key = $"redeem-{coupon}", User = new(UserOf(coupon)), Code = codes[coupon], Order = $"order-{coupon}",
        Cart = new()
        {
            Currency = Usd,
            Lines =
            [
                new(new($"item-{coupon % Items}"), 2, new(1_250, Usd)),
                new(new($"item-{(coupon + 7) % Items}"), 1, new(499, Usd)),
            ],
        },
    };

    private const int Items = 1_000;

    private static async Task Copy(PostgresServer server, string[] codes)
    {
        await using var connection = new NpgsqlConnection(server.Connection(Template) + ";Pooling=false");
        await connection.OpenAsync();
        await using var rows = await connection.BeginBinaryImportAsync("""
            COPY coupons (code, user_id, offer_id, campaign_id, issue_key, state, issued_at, expires_at, model, score,
              propensity, redemption_probability) FROM STDIN (FORMAT binary)
            """);
        for (var coupon = 0; coupon < codes.Length; coupon++)
        {
            await rows.StartRowAsync();
            foreach (var text in (string[])[codes[coupon], UserOf(coupon), OfferName, Id, $"issue-{coupon}"])
            {
                await rows.WriteAsync(text, NpgsqlDbType.Text);
            }

            await rows.WriteAsync((int)CouponState.Issued, NpgsqlDbType.Integer);
            await rows.WriteAsync(Start.AddHours(-1).UtcTicks, NpgsqlDbType.Bigint);
            await rows.WriteAsync(Start.AddDays(13).UtcTicks, NpgsqlDbType.Bigint);
            await rows.WriteAsync(7L, NpgsqlDbType.Bigint);
            foreach (var number in (double[])[0.75, 0.9, 0.2])
            {
                await rows.WriteAsync(number, NpgsqlDbType.Double);
            }
        }

        await rows.CompleteAsync();
    }
}
