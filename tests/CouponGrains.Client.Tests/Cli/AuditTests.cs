using System.Text.Json;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace CouponGrains.Client.Tests.Cli;

public sealed class AuditTests : IDisposable
{
    private static readonly Currency Usd = new("USD");

    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-audit-").FullName;

    [Fact]
    public async Task A_store_in_use_is_audited_and_one_that_does_not_balance_ends_with_1_and_its_rows()
    {
        await using var store = SqliteStore.Open(_folder, TimeProvider.System, NullLoggerFactory.Instance);
        await Fill(store.Campaigns, store.Ledger);
        var (code, output, error) = await Coupons.Run("audit", "--data", _folder, "--json");
        Assert.True(code == 0, error);
        var identities = JsonDocument.Parse(output).RootElement.GetProperty("identities");
        Assert.All(identities.EnumerateArray(), i => Assert.True(i.GetProperty("holds").GetBoolean()));
        Assert.Equal("coupons", identities[0].GetProperty("name").GetString());
        Assert.Equal(1, identities[0].GetProperty("checked").GetInt32());

        await store.Audit.Append(
            new() { At = DateTimeOffset.UnixEpoch, Actor = Actor.Local, Action = "test", Target = "test" }, default);
        (code, output, error) = await Coupons.Run("audit", "--data", _folder);
        var head = await store.Audit.Head(default);
        Assert.Contains($"note its head elsewhere: {head}", output, StringComparison.Ordinal);
        Assert.Equal(0, (await Coupons.Run("audit", "--data", _folder, "--noted", head.ToString())).Code);
        (code, _, error) = await Coupons.Run("audit", "--data", _folder, "--noted", $"1:{new string('0', 64)}");
        Assert.Equal((1, "coupons: audit_broken: The chain of changes is broken: record 1 is not the one that was noted.\n"), (code, error));

        Execute("UPDATE budgets SET issued = issued + 1");
        (code, output, error) = await Coupons.Run("audit", "--data", _folder);
        Assert.Equal(1, code);
        Assert.Contains("coupons: campaign autumn: issued 2, open 1", output, StringComparison.Ordinal);
        Assert.StartsWith("coupons: ledger_broken: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_audited_that_the_environment_names_and_its_secret_is_not_repeated()
    {
        var server = await SharedPostgres.Server;
        var database = await server.TakeDatabase();
        var connection = $"{server.Connection(database)};Password=my-secret";
        var (code, output, error) = await Coupons.RunOn(connection, "audit", "--store", "postgres");
        Assert.Equal(1, code);
        Assert.StartsWith("coupons: file_not_usable: ", error, StringComparison.Ordinal);

        await using (var store = await PostgresStore.Open(connection, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await Fill(store.Campaigns, store.Ledger);
            (code, output, error) = await Coupons.RunOn(connection, "audit", "--json");
            Assert.True(code == 0, error);
            Assert.Contains("\"checked\"", output, StringComparison.Ordinal);
        }

        await server.Execute(database, "UPDATE campaign_budgets SET issued = issued + 1");
        (code, output, error) = await Coupons.Run("audit", "--store", "postgres", "--connection", connection);
        Assert.Equal(1, code);
        Assert.Contains("coupons: campaign autumn: issued 2, open 1", output, StringComparison.Ordinal);
        Assert.StartsWith("coupons: ledger_broken: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("my-secret", output + error, StringComparison.Ordinal);
        await server.GiveBack(database);
    }

    [Theory]
    [InlineData("--store", "postgres")]
    [InlineData("--store", "file")]
    [InlineData("--store", "sqlite", "--connection", "Host=here")]
    [InlineData("--connection", "Colour=red")]
    [InlineData("--noted", "12")]
    public async Task A_store_that_is_not_named_well_is_refused(params string[] words)
    {
        var (code, _, error) = await Coupons.Run(["audit", .. words]);
        Assert.Equal(1, code);
        Assert.StartsWith("coupons: bad_option: ", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task Fill(ICampaignStore campaigns, ILedger ledger)
    {
        var now = TimeProvider.System.GetUtcNow();
        await campaigns.Put(
            new()
            {
                Id = new("autumn"), Name = "Autumn", Status = CampaignStatus.Active, Start = now.AddDays(-1),
                End = now.AddDays(1), Budget = new(10_000, Usd),
                Guardrails = new()
                {
                    Cap = new(5_000, Usd), MinimumSpendMin = new(0, Usd), MinimumSpendMax = new(0, Usd),
                    AmountStep = new(50, Usd), WholeCart = true,
                },
            }, default);
        await campaigns.AddOffers(
            [new()
            {
                Id = new("five"), Campaign = new("autumn"), Title = "Five off", Kind = OfferKind.AmountOff,
                Amount = new(500, Usd), ValidFor = TimeSpan.FromDays(1),
            }], default);
        await ledger.Issue(new("k", new("ann"), new("five"), ModelVersion.None, 0, 1), now, default);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder, SqliteStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
