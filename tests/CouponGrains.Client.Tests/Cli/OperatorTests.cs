using System.Text.Json;
using CouponGrains.Cli;
using CouponGrains.Client.Tests.Api;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Client.Tests.Cli;

/// <summary>What an operator does with the program.</summary>
public abstract class OperatorTests(ApiFixture api)
{
    protected ApiFixture Api => api;

    /// <summary>How the server is named.</summary>
    protected abstract string[] Server { get; }

    [Fact]
    public async Task A_campaign_is_changed_by_options_and_by_a_patch()
    {
        var id = await api.Campaign();
        var changed = await Json(
            "campaign", "change", id, "--name", "Autumn sale", "--budget", "250", "--end", "2098-12-31",
            "--cap", "12.50", "--redemptions-max", "9", "--approval", "review");
        Assert.Equal(
            (3, "Autumn sale", 250_00, 9, "review"),
            (changed.GetProperty("revision").GetInt32(), changed.GetProperty("name").GetString(),
                changed.GetProperty("budget").GetProperty("minor").GetInt32(),
                changed.GetProperty("redemptionsMax").GetInt32(), changed.GetProperty("approval").GetString()));
        Assert.Equal(1_250, changed.GetProperty("guardrails").GetProperty("cap").GetProperty("minor").GetInt32());
        Assert.StartsWith("2099-01-01T00:00:00", changed.GetProperty("end").GetString(), StringComparison.Ordinal);
        changed = await Json(
            "campaign", "change", id, "--patch", """{"caps":{"openPerUser":2},"redemptionsMax":null}""");
        Assert.Equal(2, changed.GetProperty("caps").GetProperty("openPerUser").GetInt32());
        Assert.False(changed.TryGetProperty("redemptionsMax", out _));
        await Refused("missing_field", "campaign", "change", id);
        await Refused("invalid_value: The patch gives no campaign: colour", "campaign", "change", id, "--patch", """{"colour":"red"}""");
        await Refused("malformed_body", "campaign", "change", id, "--patch", "{");
        await Refused("file_not_usable", "campaign", "change", id, "--patch", "/no/such/file");
        await Refused("unknown_campaign", "campaign", "change", "nowhere", "--name", "x");
    }

    [Fact]
    public async Task A_coupon_is_issued_tried_taken_back_and_an_offer_withdrawn()
    {
        var campaign = await api.Campaign();
        var user = api.Name("user");
        string[] issue = ["coupon", "issue", user, "--campaign", campaign, "--key", api.Name("issue")];
        var coupon = (await Json(issue)).GetProperty("coupon");
        var code = coupon.GetProperty("code").GetString()!;
        Assert.Equal(code, (await Json(issue)).GetProperty("coupon").GetProperty("code").GetString());
        string[] cart = [user, code, "--order", api.Name("order"), "--line", "tea:1:10.00"];
        Assert.Equal(
            1_00, Find(await Json(["validate", .. cart]), "discount", "total", "minor").GetInt32());
        var after = coupon.GetProperty("expiresAt").GetDateTimeOffset().AddHours(1);
        await Refused("expired", ["validate", .. cart, "--now", $"{after:O}"]);
        await Refused("invalid_value", ["validate", .. cart, "--now", "tomorrow"]);
        Assert.Equal("voided", (await Json("coupon", "void", user, code)).GetProperty("state").GetString());
        await Refused("voided", ["validate", .. cart]);
        Assert.Equal(1, (await Json("coupon", "list", user)).GetProperty("coupons").GetArrayLength());
        Assert.Equal(
            campaign + "-tenth", Find(await Json("offers", "withdraw", campaign, campaign + "-tenth"), "id").GetString());
        Assert.Equal(0, (await Json("offers", "list", campaign)).GetProperty("inForce").GetArrayLength());
    }

    [Fact]
    public async Task A_redemption_is_made_and_rolled_back()
    {
        var (campaign, user, order) = (await api.Campaign(), api.Name("user"), api.Name("order"));
        var issued = await Json("coupon", "issue", user, "--campaign", campaign);
        var code = Find(issued, "coupon", "code").GetString()!;
        await Json("redeem", user, code, "--order", order, "--line", "tea:1:10.00");
        await Refused("already_redeemed", "validate", user, code, "--order", order + "-b", "--line", "tea:1:10.00");
        Assert.True((await Json("rollback", user, order)).TryGetProperty("rolledBackAt", out _));
        await Refused("unknown_redemption", "rollback", user, "no-key");
    }

    [Fact]
    public async Task What_takes_two_is_asked_for_by_one_and_approved_by_another()
    {
        var id = api.Name("campaign");
        await Json(
            "campaign", "create", id, "--start", "2020-01-01", "--end", "2098-12-31", "--budget", "20",
            "--currency", "XTS");
        await Refused("approval_required", "campaign", "activate", id);
        Assert.Equal(
            "waiting",
            (await Json("campaign", "approvals", id)).GetProperty("approvals")[0].GetProperty("status").GetString());
        await Refused("approval_by_same", "campaign", "approve", id, "1");
        Acting.As(new(ActorKind.Local, "somebody-else"));
        Assert.True((await api.Cluster.GetGrain<ICampaignGrain>(id).DecideApproval(1, true, "fine")).Succeeded);
        await Refused("approval_decided", "campaign", "reject", id, "1");
    }

    [Fact]
    public async Task Codes_are_made_into_a_file_and_everybody_gets_a_coupon()
    {
        var (campaign, user) = (await api.Campaign(), api.Name("user"));
        var folder = Directory.CreateTempSubdirectory("coupongrains-codes-");
        try
        {
            var file = Path.Combine(folder.FullName, "codes.txt");
            await Json("campaign", "codes", campaign, "--offer", campaign + "-tenth", "--count", "2500", "--out", file);
            Assert.Equal(2_500, File.ReadLines(file).Distinct().Count());
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "users.csv"), $"id,consent\n{user},true\n{user}-b,true\n", Cancel);
            var users = await Json("import", "users", Path.Combine(folder.FullName, "users.csv"));
            Assert.Equal(2, users.GetProperty("accepted").GetInt32());
            var events = Path.Combine(folder.FullName, "events.csv");
            await File.WriteAllTextAsync(
                events, $"""
                    id,user,kind,item,at
                    {user}-1,{user},View,tea,2026-11-24T09:00:00Z
                    {user}-2,{user},Dance,tea,2026-11-24T09:00:00Z
                    """, Cancel);
            var imported = await Json("import", "events", events);
            Assert.Equal(
                (1, 1),
                (imported.GetProperty("accepted").GetInt32(),
                    imported.GetProperty("refused").EnumerateObject().Count()));
            Assert.Equal(1, (await Json("import", "events", events)).GetProperty("known").GetInt32());
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var wave = await Json("campaign", "push", campaign);
        Assert.True(wave.GetProperty("done").GetBoolean() && wave.GetProperty("issued").GetInt32() >= 2);
        Assert.Equal(1, (await Json("coupon", "list", user)).GetProperty("coupons").GetArrayLength());
        Assert.Equal(
            user, Find(await Json("user", "show", user), "user", "record", "id").GetString());
        var decision = (await Json("user", "decisions", user))[0].GetProperty("id").GetString()!;
        await Json("user", "explain", user, decision);
        await Json("user", "similar", user, "--count", "3");
        var code = "W" + campaign.ToUpperInvariant();
        await Json("campaign", "share", campaign, "--offer", campaign + "-tenth", "--code", code);
        Assert.Equal(code, (await Json("campaign", "share", campaign))[0].GetProperty("code").GetString());
        Assert.True(
            (await Json("campaign", "simulate", campaign, "--users", "50")).GetProperty("users").GetInt32() > 0);
        await Json("campaign", "course", campaign);
        await Refused("no_model", "campaign", "design", campaign, "--count", "2");
        await Refused("unknown_offer", "offers", "approve", campaign, "no-offer");
        Assert.Equal(1, (await Json("user", "forget", user, "--yes")).GetProperty("events").GetInt32());
        var item = api.Name("item");
        await api.Send(
            HttpMethod.Put, "/v1/items",
            new { items = new[] { new { id = item, title = "Tea", price = ApiFixture.Usd(4_99) } } });
        Assert.Contains(item, (await Json("item", "list", "--count", "100")).ToString(), StringComparison.Ordinal);
        Assert.Equal("Tea", Find(await Json("item", "show", item), "item", "title").GetString());
        await Json("item", "similar", item);
        await Refused("unknown_item", "item", "show", "no-item");
        var listed = (await Json("user", "list", "--count", "1", "--after", user)).GetProperty("users");
        Assert.Equal(user + "-b", listed[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_day_its_alarms_and_the_reports_are_told()
    {
        var campaign = await api.Campaign();
        await Json("coupon", "issue", api.Name("user"), "--campaign", campaign);
        var funnel = default(JsonElement);
        for (var left = 60; left > 0 && funnel.ValueKind != JsonValueKind.Array; left--)
        {
            // The report follows the log.
            var told = (await Json("report", "funnel", "--campaign", campaign)).GetProperty("campaigns");
            funnel = told.GetArrayLength() > 0 ? told : default;
        }

        Assert.Equal(1, funnel[0].GetProperty("funnel").GetProperty("issued").GetInt32());
        var days = (await Json("report", "days", "--campaign", campaign, "--days", "2")).GetProperty("days");
        Assert.Equal(1, days[0].GetProperty("funnel").GetProperty("issued").GetInt32());
        Assert.Equal(JsonValueKind.Object, (await Json("report", "refusals")).GetProperty("refused").ValueKind);
        Assert.Contains(
            (await Json("report", "budgets")).GetProperty("budgets").EnumerateArray(),
            one => one.GetProperty("campaign").GetString() == campaign);
        var overview = await Json("overview");
        Assert.True(overview.GetProperty("today").GetProperty("issued").GetInt32() >= 1);
        Assert.Contains(
            overview.GetProperty("alarms").EnumerateArray(),
            alarm => alarm.GetProperty("next").GetString() == "coupons train");
        var (code, text, _) = await Run("overview");
        Assert.Equal(0, code);
        Assert.Contains("No model is in force", text, StringComparison.Ordinal);
        await Refused("invalid_value", "report", "days", "--days", "0");
    }

    [Fact]
    public async Task Runs_operations_drift_and_the_log_of_changes_are_told()
    {
        var campaign = await api.Campaign();
        Assert.Equal(0, (await Json("train", "list")).GetProperty("runs").GetArrayLength());
        await Json("operations", "list");
        await Refused("unknown_operation", "operations", "show", "none");
        await Refused("unknown_operation", "operations", "cancel", "none");
        await Json("models", "drift", "--now");
        var events = (await Json("audit", "events", "--target", $"campaign/{campaign}")).GetProperty("events");
        Assert.Equal("campaign.activate", events[0].GetProperty("action").GetString());
        var head = (await Json("audit", "verify")).GetProperty("head");
        var noted = $"{head.GetProperty("number").GetInt64()}:{head.GetProperty("hash").GetString()}";
        await Json("audit", "verify", "--noted", noted);
        var (code, _, error) = await Run("audit", "verify", "--noted", $"1:{new string('0', 64)}");
        Assert.Equal(1, code);
        Assert.StartsWith("coupons: audit_broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_and_keys_are_made_changed_and_ended()
    {
        var id = api.Name("erp");
        await Refused("private_address", "webhooks", "create", id, "https://127.0.0.1/");
        var made = await Json("webhooks", "create", id, "https://erp.example.com/hooks", "--type", "coupon.redeemed");
        Assert.StartsWith("whsec_", made.GetProperty("secret").GetString(), StringComparison.Ordinal);
        await Json("webhooks", "rotate", id);
        await Json("webhooks", "enable", id);
        await Json("webhooks", "test", id);
        Assert.Equal(1, (await Json("webhooks", "deliveries", id)).GetProperty("deliveries").GetArrayLength());
        await Json("webhooks", "replay", id, "--since", "2098-01-01T00:00:00Z");
        Assert.Contains(
            id, (await Json("webhooks", "list")).GetProperty("endpoints").ToString(), StringComparison.Ordinal);
        await Json("webhooks", "delete", id);
        await Refused("unknown_webhook", "webhooks", "test", id);

        var key = await Json("keys", "create", "Till", "--scopes", "checkout:write", "--days", "3");
        var name = key.GetProperty("id").GetString()!;
        Assert.NotEqual(
            key.GetProperty("secret").GetString(),
            Find(await Json("keys", "rotate", name, "--overlap-hours", "1"), "secret").GetString());
        Assert.True((await Json("keys", "revoke", name)).TryGetProperty("revokedAt", out _));
        Assert.DoesNotContain("secret", (await Json("keys", "list")).ToString(), StringComparison.Ordinal);
        await Refused("unknown_key", "keys", "revoke", "nobody");
    }

    protected Task<(int Code, string Out, string Error)> Run(params string[] words) =>
        Coupons.Run([.. words, .. Server]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static JsonElement Find(JsonElement document, params string[] path) =>
        path.Aggregate(document, (part, name) => part.GetProperty(name));

    private async Task<JsonElement> Json(params string[] words)
    {
        var (code, output, error) = await Run([.. words, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', words)}: {error}");
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task Refused(string refusal, params string[] words)
    {
        var (code, output, error) = await Run(words);
        Assert.Equal((CommandLine.Refused, ""), (code, output));
        Assert.StartsWith($"coupons: {refusal}", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>Over HTTP, as a remote operator has it.</summary>
public sealed class OperatorOverHttpTests(ApiFixture api) : OperatorTests(api), IClassFixture<ApiFixture>
{
    protected override string[] Server => ["--url", $"{Api.Http.BaseAddress}"];

    [Fact]
    public async Task The_environment_names_the_server_unless_the_line_does()
    {
        var told = new Dictionary<string, string> { [CouponGrains.Cli.Server.UrlVariable] = $"{Api.Http.BaseAddress}" };
        var (code, output, error) = await Coupons.RunWith(told, "keys", "list", "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\"keys\"", output, StringComparison.Ordinal);
        (code, _, error) = await Coupons.RunWith(told, "keys", "list", "--gateway", "127.0.0.1:9");
        Assert.Equal(CommandLine.NoSilo, code);
        Assert.Contains("127.0.0.1:9", error, StringComparison.Ordinal);
        (code, _, error) = await Coupons.RunWith(told, "keys", "list", "--url", "http://127.0.0.1:9");
        Assert.Equal(CommandLine.NoSilo, code);
        Assert.Contains("127.0.0.1:9", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_have_the_shops_names_though_the_environment_holds_the_key_of_pseudonyms()
    {
        var user = Api.Name("user");
        await Api.Send(HttpMethod.Put, $"/v1/users/{user}", new { consent = true });
        var (code, output, error) = await Coupons.RunWith(
            new() { ["CouponGrains__PseudonymKey"] = new string('k', 64) },
            ["user", "show", user, "--json", .. Server]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"\"{user}\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task All_items_are_written_into_a_file(string format)
    {
        var item = Api.Name("item");
        await Api.Send(
            HttpMethod.Put, "/v1/items",
            new { items = new[] { new { id = item, title = "Tea", price = ApiFixture.Usd(4_99) } } });
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{format}");
        try
        {
            var (code, output, error) = await Run("export", "items", "--out", file, "--json");
            Assert.Equal((0, ""), (code, error));
            Assert.Equal(
                new FileInfo(file).Length, JsonDocument.Parse(output).RootElement.GetProperty("bytes").GetInt64());
            Assert.Contains(
                format == "csv" ? item : "PAR1", await File.ReadAllTextAsync(file, Cancel),
                StringComparison.Ordinal);
            (code, _, error) = await Run("export", "kings", "--out", file);
            Assert.Equal(1, code);
            Assert.StartsWith("coupons: invalid_value", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>Through a silo's gateway.</summary>
public sealed class OperatorThroughGatewayTests(ApiFixture api) : OperatorTests(api), IClassFixture<ApiFixture>
{
    protected override string[] Server => ["--gateway", Api.Gateway];
}
