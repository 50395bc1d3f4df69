using System.Text.Json;

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
            ["import", "train", "models", "recommend", "redeem", "user", "campaign", "evaluate", "example"],
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
    public async Task A_command_that_cannot_be_done_says_why_in_one_line(int expected, params string[] words)
    {
        var (code, output, error) = await Coupons.Run(words);
        Assert.Equal(expected, code);
        Assert.Equal("", output);
        Assert.StartsWith("coupons: ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
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
