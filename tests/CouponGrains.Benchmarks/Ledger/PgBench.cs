using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CouponGrains.Storage.Tests.Postgres;

namespace CouponGrains.Benchmarks.Ledger;

/// <summary>The floor: PostgreSQL's own load generator with one transaction for each redemption, which reads, writes
/// and inserts the same rows of the same tables as ours do. What is long, carts and discounts, is given, not
/// made.</summary>
internal static partial class PgBench
{
    private const double LoggedShare = 0.2;

    // The hot row comes last: whoever holds it has only to commit.
    private const string Script = """
        \set n :i * :clients + :client_id + 1
        \set i :i + 1
        BEGIN;
        SELECT code, user_id, state, expires_at FROM coupons WHERE number = :n FOR UPDATE \gset
        SELECT o.data, m.data, i.data FROM offers o JOIN campaigns m ON m.id = o.campaign_id, items i WHERE o.id = :offer AND i.id = 'item-' || (:n % 1000);
        SELECT count(*) FROM redemptions WHERE user_id = :user_id AND campaign_id = :campaign AND rolled_back_at IS NULL;
        INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, amount, discount, cart, day, at) VALUES ('redeem-' || :n, sha256('redeem'), :code, :user_id, :campaign, 'order-' || :n, 500, :discount, :cart, 739000, 638000000000000000);
        UPDATE coupons SET state = 3 WHERE number = :n AND state IN (1, 2);
        INSERT INTO events (id, user_id, kind, at, quantity, amount, currency, order_id, offer_id, coupon_code, propensity, exposure) VALUES ('coupon:' || :code || :redeemed, :user_id, 13, 638000000000000000, 1, 500, 'USD', 'order-' || :n, :offer, :code, 0.9, :exposure);
        INSERT INTO budget_days (campaign_id, day, redeemed, spent, held, reserved) VALUES (:campaign, 739000, 1, 500, 0, 0) ON CONFLICT (campaign_id, day) DO UPDATE SET redeemed = budget_days.redeemed + 1, spent = budget_days.spent + 500;
        UPDATE campaign_budgets SET spent = spent + 500, redeemed = redeemed + 1 WHERE campaign_id = :campaign AND spent + reserved + 500 <= allowed AND redeemed + held < issued;
        COMMIT;
        """;

    /// <summary>Runs it for a time.</summary>
    /// <param name="server">The server.</param>
    /// <param name="database">A copy of the campaign's database.</param>
    /// <param name="clients">Connections, each with one transaction at a time.</param>
    /// <param name="spread">True for a budget of each client's own, which nobody waits for.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="texts">The long texts, by the names of the script's variables.</param>
    public static async Task<Leg> Run(
        PostgresServer server, string database, int clients, bool spread, int seconds,
        IReadOnlyDictionary<string, string> texts)
    {
        await server.Execute(database, $"""
            INSERT INTO campaigns SELECT 'campaign-' || n, 1, data FROM campaigns, generate_series(0, {clients - 1}) n;
            INSERT INTO campaign_budgets (campaign_id, currency, allowed, issued)
            SELECT 'campaign-' || n, currency, allowed, issued FROM campaign_budgets, generate_series(0, {clients - 1}) n;
            """);
        var folder = Directory.CreateTempSubdirectory("coupongrains-pgbench").FullName;
        try
        {
            var script = Path.Combine(folder, "redeem.sql");
            await File.WriteAllTextAsync(script, spread
                ? Script.Replace(":campaign", "('campaign-' || :client_id)", StringComparison.Ordinal)
                : Script);
            List<string> arguments =
            [
                "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-f", script, "-l",
                $"--log-prefix={Path.Combine(folder, "log")}",
                $"--sampling-rate={LoggedShare.ToString(CultureInfo.InvariantCulture)}",
                "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres", "-D", "i=0", "-D", $"clients={clients}",
                "-D", $"offer={HotCampaign.OfferName}", "-D", $"campaign={HotCampaign.Id}", "-D", "redeemed=:redeemed:1",
            ];
            arguments.AddRange(texts.SelectMany(text => (string[])["-D", $"{text.Key}={text.Value}"]));
            var before = ProcessorTime.Now(server.ProcessId);
            var output = await Start([.. arguments, database]);
            var used = ProcessorTime.Now(server.ProcessId) - before;
            var done = int.Parse(Processed().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
            var perSecond = double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
            return Leg.Of(done, TimeSpan.FromSeconds(done / perSecond), used, Times(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Start(string[] arguments)
    {
        var start = new ProcessStartInfo(PostgresServer.Program("pgbench"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pgbench did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pgbench failed: {(await errors).Split((char)10)[0]}");
    }

    /// <summary>The third number of each logged line is the transaction's time in microseconds.</summary>
    private static List<TimeSpan> Times(string folder) =>
    [
        .. Directory.GetFiles(folder, "log.*").SelectMany(File.ReadLines)
            .Select(line => TimeSpan.FromMicroseconds(double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(@"actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();
}
