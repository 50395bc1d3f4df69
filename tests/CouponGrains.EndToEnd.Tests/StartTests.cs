using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CouponGrains.EndToEnd.Tests;

public sealed class StartTests
{
    private const int Seed = 20_261_124;

    [Fact]
    public async Task A_first_start_ends_with_coupons_and_a_second_start_does_nothing_twice()
    {
        using var place = HostPlace.WithShop(Seed);
        Counts first;
        await using (var run = HostRun.Start(place))
        {
            await run.WaitFor("Ctrl-C ends it");
            Assert.Contains("model v1 in force", run.Output);
            Assert.Contains("coupons pushed to", run.Output);
            Assert.Contains("because:", run.Output);
            Assert.Equal("", run.Errors);
            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd(TimeSpan.FromSeconds(30)));
            first = Counts.Of(place);
        }

        Assert.Equal(SmallShop.Purchases, first.Purchases);
        Assert.Equal(SmallShop.Redemptions, first.HistoricalRedemptions);
        Assert.Equal(SmallShop.Households, first.Users);
        Assert.Equal(2, first.Campaigns);
        Assert.Equal(1, first.Models);
        Assert.True(first.Coupons > 0, "No coupon was issued.");

        await using (var run = HostRun.Start(place))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            using var offers = JsonDocument.Parse(await run.Http.GetStringAsync("/v1/users/3/offers"));
            Assert.Equal(1, offers.RootElement.GetProperty("model").GetInt64());
            await run.WaitFor("Ctrl-C ends it");
            Assert.DoesNotContain("in force:", run.Output);
            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(first, Counts.Of(place));
    }

    [Fact]
    public async Task A_start_without_the_sample_shop_is_empty_and_answers()
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place);
        Assert.True(await run.WaitForAnswer(), run.All);
        using var overview = JsonDocument.Parse(await run.Http.GetStringAsync("/v1/overview"));
        Assert.Equal(0, overview.RootElement.GetProperty("events").GetInt64());
        Assert.Equal(0, overview.RootElement.GetProperty("model").GetInt64());
    }

    [Fact]
    public async Task An_interrupt_during_the_training_ends_within_seconds()
    {
        using var place = HostPlace.WithShop(Seed);
        await using var run = HostRun.Start(place, ("--offer-epochs", "10000"));
        await run.WaitFor("design:");
        run.Interrupt();
        Assert.Equal(0, await run.WaitForEnd(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_silo_that_only_serves_never_loads_libtorch()
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, ("--roles", "serve"));
        Assert.True(await run.WaitForAnswer(), run.All);
        using var refused = await run.Http.PostAsync("/v1/training-runs", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("no_train_silo", await refused.Content.ReadAsStringAsync());
        Assert.DoesNotContain("torch", run.LoadedLibraries());
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        using var other = new TcpListener(IPAddress.Loopback, place.Port);
        other.Start();
        await Refuses(place, "port_in_use", 1);
        Assert.False(Directory.Exists(place.Data), "Nothing may be left behind by a start that was refused.");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        await File.WriteAllTextAsync(place.Data, "a file where the folder should be");
        await Refuses(place, "store_not_writable", 1);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        await using (var run = HostRun.Start(place))
        {
            Assert.True(await run.WaitForAnswer(), run.All);
            run.Interrupt();
            Assert.Equal(0, await run.WaitForEnd());
        }

        StoreReader.MakeNewer(place);
        await Refuses(place, "store_version_newer", 1);
    }

    [Fact]
    public async Task A_store_that_another_process_has_is_one_line_and_a_status()
    {
        using var place = new HostPlace();
        using var elsewhere = new HostPlace();
        await using var run = HostRun.Start(place);
        Assert.True(await run.WaitForAnswer(), run.All);
        await using var second = HostRun.Start(elsewhere, ("--data", place.Data));
        Assert.Equal(1, await second.WaitForEnd());
        Assert.StartsWith("store_in_use: ", second.Errors);
    }

    [Theory]
    [InlineData("--roles", "cook")]
    [InlineData("--rank", "0")]
    [InlineData("--sample-shop", "/no/such/folder")]
    [InlineData("--train-every", "soon")]
    [InlineData("--listen", "everywhere")]
    [InlineData("--listen", "0.0.0.0")]
    [InlineData("--keys", "maybe")]
    [InlineData("--admin-key-file", "/no/such/file")]
    [InlineData("--otlp", "collector")]
    [InlineData("--trace-share", "2")]
    [InlineData("--metrics", "some")]
    [InlineData("--logs", "xml")]
    [InlineData("--colour", "red")]
    public async Task A_bad_option_is_one_line_and_a_status(string option, string value)
    {
        using var place = new HostPlace();
        await using var run = HostRun.Start(place, (option, value));
        Assert.Equal(2, await run.WaitForEnd());
        Assert.StartsWith("bad_option: ", run.Errors);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    private static async Task Refuses(HostPlace place, string code, int status)
    {
        await using var run = HostRun.Start(place);
        Assert.Equal(status, await run.WaitForEnd());
        Assert.StartsWith(code + ": ", run.Errors);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
        Assert.Equal("", run.Output);
    }

    private sealed record Counts(
        long Events, long Purchases, long HistoricalRedemptions, long Users, long Campaigns, long Offers, long Models,
        long Coupons)
    {
        public static Counts Of(HostPlace place)
        {
            using var store = new StoreReader(place);
            return new(
                store.Number("SELECT count(*) FROM events"),
                store.Number("SELECT count(*) FROM events WHERE kind = 4"),
                store.Number("SELECT count(*) FROM events WHERE kind = 13"),
                store.Number("SELECT count(*) FROM users"),
                store.Number("SELECT count(*) FROM campaigns"),
                store.Number("SELECT count(*) FROM offers"),
                store.Number("SELECT count(*) FROM models"),
                store.Number("SELECT count(*) FROM coupons"));
        }
    }
}
