using System.Text.Json;
using CouponGrains.Cli;
using CouponGrains.Cli.Models;
using CouponGrains.Domain;
using CouponGrains.Domain.Models;

namespace CouponGrains.Client.Tests.Cli;

public sealed class CommandLineTests
{
    private const string Nowhere = "127.0.0.1:9"; // The discard port: nothing listens there.

    [Fact]
    public async Task Help_names_every_verb()
    {
        var (code, text, _) = await Coupons.Run("--help");
        Assert.Equal(0, code);
        Assert.All(
            ["import", "train", "models", "recommend", "redeem", "return", "user", "item", "campaign", "evaluate", "example",
                "coupon", "validate", "rollback", "overview", "report", "offers", "webhooks", "keys", "operations", "audit"],
            verb => Assert.Contains(verb, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "frobnicate")]
    [InlineData(2, "recommend")]
    [InlineData(2, "evaluate", "coupons")]
    [InlineData(1, "evaluate", "coupons", "--data", "/no/such/folder")]
    [InlineData(3, "recommend", "1", "--gateway", Nowhere)]
    [InlineData(3, "campaign", "list", "--gateway", Nowhere, "--json")]
    [InlineData(1, "recommend", "1", "--gateway", "nonsense")]
    [InlineData(2, "return", "1", "--order", "o-1", "--key", "b-1")]
    [InlineData(3, "return", "1", "--order", "o-1", "--key", "b-1", "--line", "tea:2:3.50:1", "--gateway", Nowhere)]
    [InlineData(2, "reserve", "1")]
    [InlineData(3, "confirm", "1", "o-1", "--gateway", Nowhere)]
    [InlineData(1, "audit", "--data", "/no/such/folder")]
    [InlineData(2, "item", "similar")]
    [InlineData(3, "item", "similar", "1", "--gateway", Nowhere)]
    [InlineData(3, "user", "similar", "1", "--count", "3", "--gateway", Nowhere)]
    [InlineData(3, "user", "decisions", "1", "--gateway", Nowhere)]
    [InlineData(3, "user", "explain", "1", "e-1", "--gateway", Nowhere)]
    [InlineData(3, "user", "forget", "1", "--yes", "--gateway", Nowhere)]
    [InlineData(3, "campaign", "simulate", "autumn", "--gateway", Nowhere)]
    [InlineData(3, "campaign", "course", "autumn", "--gateway", Nowhere)]
    [InlineData(3, "campaign", "change", "autumn", "--name", "x", "--gateway", Nowhere)]
    [InlineData(3, "coupon", "issue", "1", "--campaign", "autumn", "--url", "http://127.0.0.1:9")]
    [InlineData(3, "keys", "list", "--url", "http://127.0.0.1:9")]
    [InlineData(3, "export", "items", "--out", "items.csv", "--url", "http://127.0.0.1:9")]
    [InlineData(3, "import", "users", "/dev/null", "--gateway", Nowhere)]
    [InlineData(2, "coupon", "issue", "1")]
    [InlineData(2, "validate", "1", "CODE")]
    [InlineData(2, "completion", "tcsh")]
    public async Task A_command_that_cannot_be_done_says_why_in_one_line(int expected, params string[] words)
    {
        var (code, output, error) = await Coupons.Run(words);
        Assert.Equal(expected, code);
        Assert.Equal("", output);
        Assert.StartsWith("coupons: ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Training_is_asked_for_as_given_and_by_default_for_the_rest()
    {
        const string words = "train --rank 8 --weight-view 0.1 --weight-cart 0.3 --weight-purchase 2 --weight-refund 1.5 "
            + "--half-life-days 45.5 --hold-out 0.2";
        Assert.Equal(
            new TrainingOptions
            {
                Rank = 8,
                HoldOutShare = 0.2,
                Weights = new() { View = 0.1, Cart = 0.3, Purchase = 2, Refund = 1.5, HalfLife = TimeSpan.FromDays(45.5) },
            },
            TrainCommand.Options(CommandLine.Root().Parse(words)));
        Assert.Equal(new TrainingOptions(), TrainCommand.Options(CommandLine.Root().Parse("train")));
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("NaN")]
    [InlineData("-40000")]
    public void A_half_life_that_is_no_duration_is_refused(string days)
    {
        var parsed = CommandLine.Root().Parse($"train --half-life-days {days}");
        var refused = Assert.Throws<RefusedException>(() => TrainCommand.Options(parsed));
        Assert.Equal(RefusalCodes.InvalidValue, refused.Refusal.Code);
    }

    [Theory]
    [InlineData("2026-11-24", 0, "UTC", "2026-11-24T00:00:00Z")]
    [InlineData("2026-11-24", 1, "Asia/Shanghai", "2026-11-24T16:00:00Z")]
    [InlineData("2026-03-28", 1, "Europe/Berlin", "2026-03-28T23:00:00Z")] // The day on which the clock goes forward.
    [InlineData("2026-03-29", 1, "Europe/Berlin", "2026-03-29T22:00:00Z")]
    public void A_campaigns_days_are_those_of_its_time_zone(string day, int after, string zone, string instant) =>
        Assert.Equal(
            DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture),
            CouponGrains.Cli.Campaigns.CreateCommand.Day(day, after, zone));

    [Fact]
    public async Task Templates_are_listed_without_a_silo_and_a_campaign_needs_its_days_or_a_template()
    {
        var (code, text, _) = await Coupons.Run("campaign", "templates", "--json");
        Assert.Equal(0, code);
        Assert.Equal(10, JsonDocument.Parse(text).RootElement.GetProperty("templates").GetArrayLength());
        var (missing, _, error) = await Coupons.Run("campaign", "create", "x", "--budget", "5", "--end", "2026-12-01");
        Assert.Equal(2, missing);
        Assert.Contains("--start", error, StringComparison.Ordinal);
        var (both, _, own) = await Coupons.Run("campaign", "create", "x", "--template", "retail-season", "--cap", "5");
        Assert.Equal(2, both);
        Assert.Contains("--cap", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_briefs_example_prints_each_step_with_shapes_and_five_coupons_as_one_document()
    {
        var (code, output, error) = await Coupons.Run("example", "--epochs", "3", "--json");
        Assert.True(code == 0, error);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Contains("R (100, 1000)", document.GetProperty("steps")[0].GetProperty("shapes").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, document.GetProperty("recommended").GetArrayLength());
        Assert.Contains("% off", document.GetProperty("recommended")[0].GetProperty("offer").GetProperty("title").GetString(), StringComparison.Ordinal);
    }
}
