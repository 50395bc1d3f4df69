using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>With pseudonyms the shop's ids of users end at the door: callers find them in what they are answered, and
/// nobody finds them in the store, in grain keys or in the log.</summary>
public sealed class PseudonymTests
{
    private const string Ann = "ann.shopper-77231@mail.example";
    private const string Ben = "ben/shopper-90417";

    private static readonly (string, string) On = ("--pseudonyms", "on");

    [Fact]
    public async Task The_shops_ids_come_back_to_who_named_them_and_are_kept_nowhere()
    {
        using var place = new HostPlace();
        var answers = new StringBuilder();
        string all;
        await using (var run = HostRun.Start(place, On, ("--logs", "json")))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            await Shopping.Open(run.Http);
            await Shop(run.Http, answers);
            var list = await run.Http.GetStringAsync("/v1/users");
            Assert.DoesNotContain("shopper", list, StringComparison.Ordinal);
            var pseudonym = JsonDocument.Parse(list).RootElement.GetProperty("data")[0].GetProperty("id").GetString()!;
            Assert.StartsWith("p_", pseudonym, StringComparison.Ordinal);
            var known = await run.Http.GetStringAsync($"/v1/users/{pseudonym}");
            Assert.Contains($"\"id\":\"{pseudonym}\"", known, StringComparison.Ordinal);
            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd());
            all = run.All;
        }

        Assert.Contains(Ann, answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("p_", answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("shopper", all, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(place.Data))
        {
            Assert.False(Holds(file, "shopper"), $"{file} holds the shop's ids.");
        }

        Assert.True(Holds(Path.Combine(place.Data, "coupongrains.db"), "p_"));
        Assert.True(Holds(Path.Combine(place.Data, "grains.db"), "p_"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(place.Data, "pseudonym.key")));
        }

        await Refused(place, "add --pseudonyms on");
        var other = Path.Combine(place.Root, "other.key");
        await File.WriteAllTextAsync(other, new string('o', 64));
        await Refused(place, "another key", On, ("--pseudonym-key-file", other));
        await using var again = HostRun.Start(place, On);
        Assert.True(await again.WaitForAnswer(), again.All);
        Assert.Contains(Ann, await again.Http.GetStringAsync($"/v1/users/{Ann}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_with_the_shops_ids_stays_with_them_and_no_key_is_left_behind()
    {
        using var place = new HostPlace();
        await using (var run = HostRun.Start(place))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            using var put = await run.Http.PutAsJsonAsync("/v1/users/ann", new { consent = true });
            await Shopping.Is(HttpStatusCode.OK, put);
            run.Interrupt();
            await run.WaitForEnd();
        }

        await Refused(place, "leave --pseudonyms off", On);
        Assert.False(File.Exists(Path.Combine(place.Data, "pseudonym.key")));
    }

    [Fact]
    public async Task A_front_end_without_the_key_is_refused_its_users_and_with_another_its_start()
    {
        using var place = new HostPlace();
        using var front = new HostPlace();
        await using var run = HostRun.Start(place, On);
        Assert.True(await run.WaitForAnswer(), run.All);
        await using (var without = HostRun.StartFrontEnd(front, place))
        {
            Assert.True(await without.WaitForAnswer(), without.All);
            using var answer = await without.Http.GetAsync("/v1/users/ann/coupons");
            Assert.Contains("not_a_pseudonym", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }

        var other = Path.Combine(front.Root, "other.key");
        await File.WriteAllTextAsync(other, new string('o', 64));
        await using (var wrong = HostRun.StartFrontEnd(front, place, On, ("--pseudonym-key-file", other)))
        {
            Assert.Equal(1, await wrong.WaitForEnd());
            Assert.Contains("pseudonyms_differ", wrong.Errors, StringComparison.Ordinal);
        }

        var key = Path.Combine(place.Data, "pseudonym.key");
        await using var good = HostRun.StartFrontEnd(front, place, On, ("--pseudonym-key-file", key));
        Assert.True(await good.WaitForAnswer(), good.All);
        using var put = await good.Http.PutAsJsonAsync("/v1/users/ann", new { consent = true });
        Assert.Contains("\"ann\"", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"ann\"", await run.Http.GetStringAsync("/v1/users/ann"), StringComparison.Ordinal);
    }

    /// <summary>A shop's day for two users, by every kind of address that names one.</summary>
    private static async Task Shop(HttpClient http, StringBuilder answers)
    {
        var at = TimeProvider.System.GetUtcNow();
        async Task<JsonElement> Say(HttpMethod method, string path, object? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
            answers.AppendLine(text);
            return JsonDocument.Parse(text).RootElement;
        }

        var (get, post) = (HttpMethod.Get, HttpMethod.Post);
        var ben = Uri.EscapeDataString(Ben);
        await Say(HttpMethod.Put, $"/v1/users/{Ann}", new { attributes = new { age = "35-44" } });
        await Say(HttpMethod.Put, $"/v1/users/{ben}", new { consent = true });
        await Say(post, "/v1/events", new { id = "e1", user = Ann, kind = "view", item = "1001", at });
        await Say(post, "/v1/events/batch", new
        {
            events = new[] { Ann, Ben }.Select((user, i) => new { id = $"b{i}", user, kind = "view", item = "1001", at }),
        });
        foreach (var (later, id) in new[] { (false, "i1"), (true, "i2") })
        {
            var lines = $$"""{"id":"{{id}}","user":"{{Ann}}","kind":"view","item":"1001","at":"{{at:O}}"}""";
            using var file = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var import = new HttpRequestMessage(post, "/v1/imports/events") { Content = file };
            import.Headers.Add("Prefer", later ? "respond-async" : "return=representation");
            using var taken = await http.SendAsync(import);
            await Shopping.Is(later ? HttpStatusCode.Accepted : HttpStatusCode.OK, taken);
        }

        await Say(get, $"/v1/users/{Ann}");
        await Say(get, $"/v1/users/{Ann}/offers");
        await Say(post, $"/v1/users/{Ann}/exposures", new { key = "x1" });
        var issued = await Say(post, "/v1/publications", new { user = Ann, campaign = Shopping.Campaign, key = "k1" });
        Assert.Equal(Ann, issued.GetProperty("user").GetString());
        var code = issued.GetProperty("code").GetString()!;
        var wallet = await Say(get, $"/v1/users/{Ann}/coupons");
        Assert.Equal(Ann, wallet.GetProperty("data")[0].GetProperty("coupon").GetProperty("user").GetString());
        await Say(post, $"/v1/coupons/{code}/claim", new { user = Ann });
        var cart = new
        {
            currency = "USD",
            lines = new[] { new { item = "1001", quantity = 1, unitPrice = new { minor = 1_000, currency = "USD" } } },
        };
        var redeemed = await Say(post, "/v1/redemptions", new { user = Ann, code, order = "o1", key = "r1", cart });
        Assert.Equal(Ann, redeemed.GetProperty("user").GetString());
        await Say(post, "/v1/redemptions/r1/rollbacks", new { user = Ann });
        await Say(get, $"/v1/users/{Ann}/decisions");
        await Say(get, $"/v1/users/{ben}/similar");
        var key = await Say(post, $"/v1/users/{ben}/keys", new { lifetimeSeconds = 600 });
        Assert.Equal(Ben, key.GetProperty("user").GetString());
        using var stream = await http.GetStreamAsync($"/v1/users/{ben}/coupons/stream");
        using var reader = new StreamReader(stream);
        await Say(post, "/v1/publications", new { user = Ben, campaign = Shopping.Campaign, key = "k2" });
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is not null && !line.Contains("\"coupon\"", StringComparison.Ordinal));
        Assert.Contains($"\"user\":\"{Ben}\"", line, StringComparison.Ordinal);
        await Say(HttpMethod.Delete, $"/v1/users/{ben}");
    }

    private static async Task Refused(HostPlace place, string why, params (string, string)[] more)
    {
        await using var run = HostRun.Start(place, more);
        Assert.Equal(1, await run.WaitForEnd());
        Assert.Contains("pseudonyms_differ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
    }

    private static bool Holds(string file, string text) =>
        File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
