using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>What comes in wrong is taken in or refused by a rule with a code, and counted where an operator
/// looks.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_input_is_accepted_or_refused_by_a_code_and_counted_in_the_metrics()
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place);
        Assert.True(await run.WaitForAnswer(), run.All);

        var now = TimeProvider.System.GetUtcNow();
        var history = await Batch(run.Http, now.AddDays(-300), now.AddDays(-299), now.AddDays(-298));
        Assert.Equal(["accepted", "accepted", "accepted"], history);
        var skewed = await Batch(run.Http, now.AddHours(5), now.AddDays(2), now.AddYears(-40));
        Assert.Equal(["accepted", "date_out_of_range", "date_out_of_range"], skewed);

        using var view = await run.Http.PostAsJsonAsync("/v1/coupons/22222-22222-22222/view", new { user = "u" });
        Assert.Equal("unknown_coupon", await Code(view));
        using var told = await run.Http.PostAsJsonAsync("/v1/events", new
        {
            id = "told", user = "u", kind = "redeemed", at = now, couponCode = "c",
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, told.StatusCode);
        Assert.Equal("unknown_event_kind", await Code(told));

        var scrape = await Scrape.Of(run);
        foreach (var (what, count) in new[]
        {
            ("item_not_in_catalog", 4), ("clock_ahead", 1), ("date_out_of_range", 2), ("unknown_coupon", 1),
        })
        {
            Assert.True(count == scrape.Sum("coupongrains_feedback_total", $"what=\"{what}\""),
                $"{what}: {string.Join('\n', scrape.Text.Split('\n').Where(l => l.Contains("feedback", StringComparison.Ordinal)))}");
        }

        using var overview = JsonDocument.Parse(await run.Http.GetStringAsync("/v1/overview"));
        Assert.Equal(2, overview.RootElement.GetProperty("feedback").GetProperty("date_out_of_range").GetInt64());
    }

    /// <summary>Views of items that the catalog does not have, at these times; answers the status or the code of
    /// each.</summary>
    private static async Task<string[]> Batch(HttpClient http, params DateTimeOffset[] times)
    {
        using var answer = await http.PostAsJsonAsync("/v1/events/batch", new
        {
            events = times.Select(at => new { id = $"e-{at.Ticks}", user = "u", kind = "view", item = $"unknown-{at.Ticks}", at }),
        });
        await Shopping.Is(HttpStatusCode.OK, answer);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("results").EnumerateArray()
            .Select(r => r.TryGetProperty("code", out var code) ? code.GetString()! : r.GetProperty("status").GetString()!)];
    }

    private static async Task<string> Code(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("code").GetString()!;
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("${x}")]
    [InlineData("{")]
    public async Task A_user_may_have_braces_in_his_id(string user)
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place);
        Assert.True(await run.WaitForAnswer(), run.All);
        using var heard = await run.Http.GetAsync(
            $"/v1/users/{Uri.EscapeDataString(user)}/coupons/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(heard.IsSuccessStatusCode, run.All);
        run.Interrupt();
        Assert.Equal(0, await run.WaitForEnd(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("FormatException", run.All, StringComparison.Ordinal);
    }
}
