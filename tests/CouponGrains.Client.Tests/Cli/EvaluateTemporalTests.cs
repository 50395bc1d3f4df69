using System.Text.Json;

namespace CouponGrains.Client.Tests.Cli;

public sealed class EvaluateTemporalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("temporal").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Forty users buy one of their three items every day for twenty days.</summary>
    [Fact]
    public async Task Temporal_prints_popularity_own_past_plain_svd_and_ours()
    {
        var path = Write(from day in Enumerable.Range(1, 20) from user in Enumerable.Range(0, 40)
            select $"u{user},purchase,i{((user * 3) + (day % 3)) % 30},2026-03-{day:D2}T10:00:00Z");
        var (code, output, error) = await Coupons.Run(
            "evaluate", "temporal", "--events", path, "--split", "2026-03-16", "--json");
        Assert.True(code == 0, error);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(40, document.GetProperty("users").GetInt32());
        Assert.Equal(30, document.GetProperty("train").GetProperty("items").GetInt32());
        var figures = document.GetProperty("models").EnumerateArray().ToDictionary(
            m => m.GetProperty("name").GetString()!, m => m.GetProperty("allItems").GetProperty("NDCG@10").GetDouble());
        Assert.Equal(["popularity", "own past, then popular", "plain SVD, rank 10", "ours: spectral"], figures.Keys);
        Assert.Equal(1, figures["own past, then popular"], 9);
        Assert.True(figures["ours: spectral"] > figures["popularity"] + 0.3, output);
    }

    [Theory]
    [InlineData("too_little_data", "--split", "2027-01-01")]
    [InlineData("too_little_data", "--split", "2026-03-01")]
    [InlineData("date_out_of_range", "--split", "soon")]
    [InlineData("invalid_value", "--hold-out", "1.5")]
    [InlineData("invalid_value", "--split", "2026-03-02", "--hold-out", "0.5")]
    [InlineData("invalid_value", "--map", "nobody")]
    public async Task What_cannot_be_measured_is_refused_in_one_line(string code, params string[] words)
    {
        var path = Write(["u1,purchase,i1,2026-03-01T10:00:00Z", "u1,purchase,i2,2026-03-02T10:00:00Z"]);
        await Refused(code, ["--events", path, .. words]);
    }

    [Fact]
    public async Task A_file_without_a_single_event_is_refused_with_its_first_fault() =>
        await Refused("line 2", ["--events", Write(["u1,dance,i1,2026-03-01T10:00:00Z"])]);

    [Fact]
    public async Task A_file_that_is_not_there_is_refused() =>
        await Refused("nowhere.csv", ["--events", Path.Combine(_folder, "nowhere.csv")]);

    private static async Task Refused(string expected, string[] words)
    {
        var (code, output, error) = await Coupons.Run(["evaluate", "temporal", .. words]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private string Write(IEnumerable<string> rows)
    {
        var path = Path.Combine(_folder, "events.csv");
        File.WriteAllLines(path, ["user,kind,item,at", .. rows]);
        return path;
    }
}
