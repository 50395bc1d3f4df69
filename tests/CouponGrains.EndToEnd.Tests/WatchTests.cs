using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
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

    [Fact]
    public async Task Traces_are_sent_to_the_collector_that_is_named()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, ("--otlp", $"http://{collector.LocalEndpoint}"));
        Assert.True(await run.WaitForAnswer(), run.All);
        Assert.Equal(HttpStatusCode.OK, await Status(run, "/v1/overview"));

        using var patience = new CancellationTokenSource(HostRun.Patience);
        using var sender = await collector.AcceptTcpClientAsync(patience.Token);
        var first = new byte[3];
        await sender.GetStream().ReadExactlyAsync(first, patience.Token);
        Assert.Equal("PRI", Encoding.ASCII.GetString(first)); // The preface of HTTP/2, on which gRPC goes.
    }

    /// <summary>One way through the loop; answers the coupon's code.</summary>
    private static async Task<string> Loop(HttpClient http)
    {
        const string User = "watched-user";
        var at = TimeProvider.System.GetUtcNow();
        using var seen = await http.PostAsJsonAsync(
            "/v1/events", new { id = "w-1", user = User, kind = "view", at, item = "1001" });
        await Shopping.Is(HttpStatusCode.Created, seen);
        using var old = await http.PostAsJsonAsync(
            "/v1/events", new { id = "w-2", user = User, kind = "view", at = at.AddYears(-50), item = "1001" });
        await Shopping.Is(HttpStatusCode.UnprocessableEntity, old);
        using var offers = JsonDocument.Parse(await http.GetStringAsync($"/v1/users/{User}/offers"));
        Assert.NotEmpty(offers.RootElement.GetProperty("offers").EnumerateArray());

        await Shopping.Open(http);
        var code = await Shopping.Issue(http, User);
        Assert.Equal(HttpStatusCode.Created, await Shopping.Redeem(http, User, code, "w-1"));
        Assert.Equal(HttpStatusCode.Conflict, await Shopping.Redeem(http, User, code, "w-2"));
        using var back = await http.PostAsJsonAsync("/v1/redemptions/w-1/rollbacks", new { user = User });
        await Shopping.Is(HttpStatusCode.OK, back);
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
