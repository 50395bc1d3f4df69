using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>A silo and a front end, watched from outside.</summary>
public sealed class WatchTests
{
    private const int Seed = 20_261_125;

    [Fact]
    public async Task Every_stage_of_the_loop_is_told_to_prometheus_without_a_user_or_a_coupon()
    {
        using var place = HostPlace.WithShop(Seed);
        using var before = new HostPlace();
        await using var silo = HostRun.Start(place);
        await silo.WaitFor("Ctrl-C ends it");
        await using var front = HostRun.StartFrontEnd(before, place);
        Assert.True(await front.WaitForAnswer(), front.All);
        var code = await Loop(front.Http);

        var (inside, outside) = (await Scrape.Of(silo), await Scrape.Of(front));
        await inside.Check();
        await outside.Check();
        Assert.Equal(1, inside.Sum("coupongrains_events_recorded_total", "kind=\"view\",status=\"accepted\""));
        Assert.Equal(1, inside.Sum("coupongrains_events_refused_total", "code=\"date_out_of_range\""));
        Assert.True(inside.Sum("coupongrains_users_active") > 0);
        Assert.True(inside.Sum("coupongrains_profile_folds_total") > 0);
        Assert.Equal(1, inside.Sum("coupongrains_training_runs_total", "state=\"published\""));
        Assert.Equal(0, inside.Sum("coupongrains_training_runs_total", "state=\"failed\""));
        Assert.True(inside.Sum("coupongrains_training_stage_duration_seconds_count", "stage=\"factorise\"") > 0);
        Assert.Equal(1, inside.Sum("coupongrains_replica_model_version"));
        Assert.True(inside.Sum("coupongrains_model_quality", "metric=\"popularity_ndcg_10\"") > 0);
        Assert.True(inside.Sum("coupongrains_offers_ranked_total") > 0);
        Assert.True(inside.Sum("coupongrains_coupons_issues_total", "outcome=\"issued\"") > 1);
        Assert.Equal(1, inside.Sum("coupongrains_redemptions_total", "status=\"redeemed\""));
        Assert.Equal(1, inside.Sum("coupongrains_redemptions_total", "status=\"already_redeemed\""));
        Assert.Equal(1, inside.Sum("coupongrains_rollbacks_total", "status=\"redeemed\""));
        Assert.True(inside.Sum("coupongrains_store_batch_size_count", "db_system_name=\"sqlite\"") > 0);
        Assert.True(outside.Sum("http_server_request_duration_seconds_count", "http_route=\"/v1/redemptions\"") >= 2);
        Assert.All([inside, outside], scrape =>
        {
            Assert.DoesNotContain(code, scrape.Text);
            Assert.DoesNotContain("watched-user", scrape.Text);
        });

        // What the alerts and the board ask of the runtimes below us is told too.
        var told = inside.Names.Union(outside.Names).Append("up").ToHashSet();
        Assert.DoesNotContain(AskedOfOthers(), name => !told.Contains(name));
    }

    [Fact]
    public async Task A_front_end_is_ready_only_while_its_cluster_answers_and_stays_alive_without_it()
    {
        using var place = new HostPlace();
        using var before = new HostPlace();
        await using (var silo = HostRun.Start(place))
        {
            Assert.True(await silo.WaitForAnswer(), silo.All);
            await using var front = HostRun.StartFrontEnd(before, place);
            Assert.True(await front.WaitForAnswer(), front.All);
            Assert.Equal(HttpStatusCode.OK, await Status(front, "/v1/overview"));

            await silo.Kill();
            await Becomes(front, "/health/ready", HttpStatusCode.ServiceUnavailable);
            Assert.Equal(HttpStatusCode.OK, await Status(front, "/health/live"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(front, "/v1/overview"));

            await using var again = HostRun.Start(place);
            Assert.True(await again.WaitForAnswer(), again.All);
            await Becomes(front, "/health/ready", HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.OK, await Status(front, "/v1/overview"));
            front.Interrupt();
            Assert.Equal(0, await front.WaitForEnd(TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public async Task A_silo_that_only_trains_has_probes_and_metrics_of_its_own_and_no_api()
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, ("--roles", "train"));
        Assert.True(await run.WaitForAnswer(), run.All);
        using var ready = JsonDocument.Parse(await run.Http.GetStringAsync("/health/ready"));
        Assert.Equal("can train", ready.RootElement.GetProperty("checks").GetProperty("trainer").GetString());
        Assert.Contains("coupongrains_replica_refreshes_total", (await Scrape.Of(run)).Names);
        Assert.Equal(HttpStatusCode.NotFound, await Status(run, "/v1/overview"));
    }

    [Fact]
    public async Task Metrics_that_are_switched_off_are_not_there()
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, ("--metrics", "off"), ("--logs", "json"));
        Assert.True(await run.WaitForAnswer(), run.All);
        Assert.Equal(HttpStatusCode.NotFound, await Status(run, "/metrics"));
    }

    /// <summary>One way through the loop; answers the coupon's code.</summary>
    private static async Task<string> Loop(HttpClient http)
    {
        const string User = "watched-user";
        var usd = (long minor) => new { minor, currency = "USD" };
        using var seen = await http.PostAsJsonAsync("/v1/events", new { id = "w-1", user = User, kind = "view", at = TimeProvider.System.GetUtcNow(), item = "1001" });
        Assert.Equal(HttpStatusCode.Created, seen.StatusCode);
        using var old = await http.PostAsJsonAsync("/v1/events", new { id = "w-2", user = User, kind = "view", at = "1990-01-01T00:00:00Z", item = "1001" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, old.StatusCode);
        using var offers = JsonDocument.Parse(await http.GetStringAsync($"/v1/users/{User}/offers"));
        Assert.NotEmpty(offers.RootElement.GetProperty("offers").EnumerateArray());

        using var campaign = await http.PostAsJsonAsync("/v1/campaigns", new
        {
            id = "watched", name = "Watched", start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z", budget = usd(10_000),
            guardrails = new
            {
                cap = usd(5_000), minimumSpendMin = usd(0), minimumSpendMax = usd(2_000), amountStep = usd(50), wholeCart = true,
            },
        });
        Assert.Equal(HttpStatusCode.Created, campaign.StatusCode);
        var tenth = new { id = "watched-tenth", title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000 };
        using var added = await http.PostAsJsonAsync("/v1/campaigns/watched/offers", new { offers = new[] { tenth } });
        using var active = await http.PostAsync("/v1/campaigns/watched/activate", null);
        Assert.Equal(HttpStatusCode.OK, active.StatusCode);

        using var issued = await http.PostAsJsonAsync("/v1/publications", new { user = User, campaign = "watched", key = "w" });
        var code = JsonDocument.Parse(await issued.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
        var cart = new { currency = "USD", lines = new[] { new { item = "1001", quantity = 1, unitPrice = usd(1_000) } } };
        using var redeemed = await http.PostAsJsonAsync("/v1/redemptions", new { user = User, code, order = "w-1", key = "w-1", cart });
        Assert.Equal(HttpStatusCode.Created, redeemed.StatusCode);
        using var twice = await http.PostAsJsonAsync("/v1/redemptions", new { user = User, code, order = "w-2", key = "w-2", cart });
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using var back = await http.PostAsJsonAsync("/v1/redemptions/w-1/rollbacks", new { user = User });
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        return code;
    }

    /// <summary>The names in the alerts and on the board that are not ours.</summary>
    private static IEnumerable<string> AskedOfOthers()
    {
        var deploy = Path.Combine(Root(), "deploy");
        return Regex.Matches(
            File.ReadAllText(Path.Combine(deploy, "prometheus/alerts.yaml"))
                + File.ReadAllText(Path.Combine(deploy, "grafana/boards/coupongrains.json")),
            @"\b(?:http|dotnet|kestrel|orleans)_[a-z0-9_]+(?=[{\[])").Select(m => m.Value).Distinct();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CouponGrains.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private static async Task<HttpStatusCode> Status(HostRun run, string path)
    {
        using var answer = await run.Http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task Becomes(HostRun run, string path, HttpStatusCode status)
    {
        using var over = new CancellationTokenSource(HostRun.Patience);
        while (await Status(run, path) is var seen && seen != status)
        {
            Assert.False(over.IsCancellationRequested, $"{path} stayed {seen}:\n{run.All}");
            await Task.Delay(100);
        }
    }
}
