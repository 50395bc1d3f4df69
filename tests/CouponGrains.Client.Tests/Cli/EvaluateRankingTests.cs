using System.Text.Json;

namespace CouponGrains.Client.Tests.Cli;

public sealed class EvaluateRankingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ranking").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Graph_prints_popularity_plain_svd_and_ours()
    {
        Write("train.txt", Users().Select(u => $"{u} {string.Join(' ', Own(u).Skip(2))}"));
        Write("test.txt", Users().Select(u => $"{u} {string.Join(' ', Own(u).Take(2))}"));
        await Check("graph", "Recall@20");
    }

    [Fact]
    public async Task Ncf_prints_popularity_plain_svd_and_ours()
    {
        Write("train.rating", Users().SelectMany(u => Own(u).Skip(1).Select(item => $"{u}\t{item}\t4\t0")));
        Write("test.rating", Users().Select(u => $"{u}\t{Own(u)[0]}\t5\t0"));
        Write("test.negative", Users().Select(u =>
            $"({u},{Own(u)[0]})\t{string.Join('\t', Enumerable.Range(0, 80).Where(item => item % 4 != u % 4))}"));
        await Check("ncf", "HR@10");
    }

    [Fact]
    public async Task Negatives_of_another_user_are_refused()
    {
        Write("train.rating", ["0\t1\t4\t0", "0\t2\t4\t0"]);
        Write("test.rating", ["0\t3\t4\t0"]);
        Write("test.negative", ["(1,3)\t4\t5"]);
        var (code, _, error) = await Coupons.Run("evaluate", "ncf", "--data", _folder);
        Assert.Equal(1, code);
        Assert.Contains("malformed_row: Line 1", error, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Users() => Enumerable.Range(0, 80);

    // Ten of the twenty items of the user's group.
    private static int[] Own(int user)
    {
        var items = Enumerable.Range(0, 20).Select(i => (4 * i) + (user % 4)).ToArray();
        new Random(user).Shuffle(items);
        return items[..10];
    }

    private void Write(string name, IEnumerable<string> lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);

    private async Task Check(string protocol, string metric)
    {
        var (code, output, error) = await Coupons.Run("evaluate", protocol, "--data", _folder, "--json");
        Assert.True(code == 0, error);
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(80, document.GetProperty("users").GetInt32());
        var figures = document.GetProperty("models").EnumerateArray().ToDictionary(
            m => m.GetProperty("name").GetString()!, m => m.GetProperty("figures").GetProperty(metric).GetDouble());
        Assert.Equal(["popularity", "plain SVD, rank 10", "plain SVD, rank 52", "ours: spectral"], figures.Keys);
        Assert.True(figures["ours: spectral"] > figures["popularity"], output);
    }
}
