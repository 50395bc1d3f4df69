using System.Text.Json;
using CouponGrains.Cli;
using CouponGrains.Client.Tests.Access;
using CouponGrains.Client.Tests.Api;

namespace CouponGrains.Client.Tests.Cli;

/// <summary>The program against the API.</summary>
public sealed class OverHttpTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_campaign_is_listed_shown_and_paused()
    {
        var campaign = await api.Campaign();
        var (code, output, error) = await Run("campaign", "list", "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"\"{campaign}\"", output, StringComparison.Ordinal);
        (code, output, error) = await Run("campaign", "pause", campaign);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Paused", output, StringComparison.Ordinal);
        (code, output, _) = await Run("campaign", "refusals", campaign, "--json");
        Assert.Equal(0, code);
        Assert.Equal(campaign, JsonDocument.Parse(output).RootElement.GetProperty("campaign").GetString());
        (code, _, error) = await Run("campaign", "show", "no-such-campaign");
        Assert.Equal(1, code);
        Assert.StartsWith("coupons: unknown_campaign", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coupon_is_recommended_and_redeemed_once()
    {
        var campaign = await api.Campaign();
        var user = api.Name("user");
        var (code, output, error) = await Run("recommend", user, "--campaign", campaign, "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("offers").EnumerateArray());
        (code, _, error) = await Run("redeem", user, "7KQ2M-XW9TD-4HVBR", "--order", "o-1", "--line", "tea:1:9.00");
        Assert.Equal(1, code);
        Assert.StartsWith("coupons: unknown_coupon", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_models_and_the_cluster_are_told()
    {
        Assert.Equal(0, (await Run("models", "list")).Code);
        var (code, output, _) = await Run("cluster");
        Assert.Equal(0, code);
        Assert.Contains("serve train", output, StringComparison.Ordinal);
        var (refused, _, error) = await Run("models", "rollback");
        Assert.Equal(1, refused);
        Assert.StartsWith("coupons: unknown_model", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "cluster", "--url", "ftp://shop.example")]
    [InlineData(1, "cluster", "--url", "http://127.0.0.1:1", "--gateway", "127.0.0.1:2")]
    [InlineData(1, "cluster", "--ca", "authority.pem")]
    [InlineData(1, "cluster", "--url", "http://127.0.0.1:1", "--ca", "authority.pem")]
    [InlineData(1, "cluster", "--url", "https://127.0.0.1:1", "--ca", "/no/such/file")]
    [InlineData(1, "cluster", "--url", "http://shop.example")]
    [InlineData(3, "cluster", "--url", "http://127.0.0.1:9")]
    public async Task What_cannot_be_reached_or_should_not_is_told_in_one_line_without_the_key(int expected, params string[] words)
    {
        var (code, output, error) = await Coupons.RunWith(new() { [Server.KeyVariable] = "cg_server_secret" }, words);
        Assert.Equal((expected, ""), (code, output));
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("cg_server_secret", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Out, string Error)> Run(params string[] words) =>
        Coupons.Run([.. words, "--url", $"{api.Http.BaseAddress}"]);
}

/// <summary>The program against an API that asks for keys.</summary>
public sealed class OverHttpWithKeysTests(GuardedFixture guarded) : IClassFixture<GuardedFixture>
{
    [Fact]
    public async Task The_key_comes_from_the_environment_and_without_it_the_line_says_where_to_put_it()
    {
        string[] words = ["campaign", "list", "--url", $"{guarded.Http.BaseAddress}", "--json"];
        var (code, output, error) = await Coupons.RunWith(new() { [Server.KeyVariable] = GuardedFixture.AdminKey }, words);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\"campaigns\"", output, StringComparison.Ordinal);
        string[] keys = ["keys", "create", "Reader", "--scopes", "campaigns:read", "--url", $"{guarded.Http.BaseAddress}"];
        (code, var secret, error) = await Coupons.RunWith(new() { [Server.KeyVariable] = GuardedFixture.AdminKey }, keys);
        Assert.True(code == 0, error);
        var reader = new Dictionary<string, string> { [Server.KeyVariable] = secret.Trim() };
        Assert.Equal(0, (await Coupons.RunWith(reader, words)).Code);
        (code, output, error) = await Coupons.RunWith(reader, keys);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("coupons: forbidden", error, StringComparison.Ordinal);
        Assert.Contains("COUPONS_KEY", error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Trim(), error, StringComparison.Ordinal);
        (code, output, error) = await Coupons.Run(words);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("coupons: unauthenticated", error, StringComparison.Ordinal);
        Assert.Contains("COUPONS_KEY", error, StringComparison.Ordinal);
    }
}
