using System.Runtime.InteropServices;
using CouponGrains.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Sqlite;

/// <summary>Opening, refusing, closing.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private const int Nobody = 65_534;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Opening_creates_the_folder_and_opening_again_goes_on_from_it()
    {
        var deep = Path.Combine(_folder.Path, "a", "b");
        await using (var store = Open(deep))
        {
            await store.Users.Put([new() { Id = new("u1") }], default);
        }

        await using var again = Open(deep);
        Assert.NotNull(await again.Users.Get(new("u1"), default));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_until_it_is_given_back()
    {
        var store = Open(_folder.Path);
        Assert.Equal(RefusalCodes.StoreInUse, Assert.Throws<RefusedException>(() => Open(_folder.Path)).Refusal.Code);
        await store.DisposeAsync();
        await using var again = Open(_folder.Path);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await Open(_folder.Path).DisposeAsync();
        Execute("INSERT INTO store_version (version, name, applied_at) VALUES (999, 'future', 0)");
        var refused = Assert.Throws<RefusedException>(() => Open(_folder.Path));
        Assert.Equal(RefusalCodes.StoreVersionNewer, refused.Refusal.Code);
        Assert.Contains("999", refused.Message);
        Execute("DELETE FROM store_version WHERE version = 999");
        await Open(_folder.Path).DisposeAsync();
    }

    [Fact]
    public async Task Offers_stored_by_the_first_release_are_read_and_their_coupons_counted()
    {
        await using (var store = Open(_folder.Path))
        {
            await store.Campaigns.Put(Samples.Campaign(), default);
            await store.Campaigns.AddOffers([Samples.Offer("old")], default);
            await store.Ledger.Issue(Samples.Issue("k1", offer: "old"), Samples.Start, default);
        }

        Execute("DROP TABLE shared_codes; DROP TABLE reservations; DROP TABLE budget_days; DROP TABLE codes; DROP TABLE code_batches");
        Execute("DROP TABLE deliveries; DROP TABLE outbox; DROP TABLE webhook_endpoints; ALTER TABLE budgets DROP COLUMN told");
        Execute("ALTER TABLE redemptions DROP COLUMN day; ALTER TABLE redemptions DROP COLUMN returned");
        Execute("ALTER TABLE budgets DROP COLUMN reserved; ALTER TABLE budgets DROP COLUMN held");
        Execute("DROP INDEX redemptions_of_order; ALTER TABLE offers DROP COLUMN issued");
        Execute("ALTER TABLE events DROP COLUMN exposure; ALTER TABLE coupons DROP COLUMN redemption_probability");
        Execute("ALTER TABLE coupons DROP COLUMN uses; ALTER TABLE coupons DROP COLUMN uses_max");
        Execute("DROP TABLE audit_events; DELETE FROM counters WHERE name = 'audit'; DROP TABLE access_keys; DROP TABLE campaign_approvals");
        Execute("DROP TABLE imports; DROP TABLE import_parts");
        Execute("DROP TABLE pseudonyms");
        Execute("ALTER TABLE offers DROP COLUMN review");
        Execute("ALTER TABLE offers DROP COLUMN reviewed_at; ALTER TABLE offers DROP COLUMN review_note");
        Execute("DROP TABLE returns; ALTER TABLE redemptions DROP COLUMN cart; DELETE FROM store_version WHERE version >= 5");
        Execute("""
            UPDATE offers SET data = '{"id":"old","campaign":"spring","title":"Five off","kind":3,"percentBasisPoints":0,
            "amount":[500,"USD"],"minimumSpend":[1000,"USD"],"scope":{"items":[],"categories":["GROCERY"],"brands":[],"excluded":[],
            "isWholeCart":false},"firstOrderOnly":false,"validFor":"14.00:00:00","source":1,"designedBy":0,"stock":1}'
            """);
        await using var again = Open(_folder.Path);
        var offer = (await again.Campaigns.GetOffer(new("old"), default))!;
        Assert.Equal((500, 1, 0), (offer.Amount!.Value.Minor, offer.RepeatsMax, offer.Tiers.Count));
        Assert.Equal(Domain.Offers.StackingRule.Exclusive, offer.Stacking.Rule);
        var answer = await again.Ledger.Issue(Samples.Issue("k2", offer: "old"), Samples.Start, default);
        Assert.Equal(RefusalCodes.StockExhausted, answer.Refusal?.Code);
    }

    [Fact]
    public async Task Grain_state_of_a_newer_version_is_refused()
    {
        await Prepare().DisposeAsync();
        Execute("INSERT INTO store_version (version, name, applied_at) VALUES (999, 'future', 0)", SqliteGrainStore.FileName);
        Assert.Equal(RefusalCodes.StoreVersionNewer, Assert.Throws<RefusedException>(Prepare).Refusal.Code);
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder.Path, SqliteStore.FileName), new string('x', 10_000));
        Assert.Equal(RefusalCodes.StoreCorrupt, Assert.Throws<RefusedException>(() => Open(_folder.Path)).Refusal.Code);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        Assert.Equal(RefusalCodes.StoreNotWritable, Assert.Throws<RefusedException>(() => Open(Path.Combine(file, "data"))).Refusal.Code);
        Assert.Equal(RefusalCodes.StoreNotWritable, Assert.Throws<RefusedException>(() => Open("/proc/coupongrains")).Refusal.Code);
    }

    [Fact]
    public void A_folder_without_write_permission_is_refused()
    {
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Folders of this system have no such permissions.");
            return;
        }

        File.SetUnixFileMode(_folder.Path, readable);
        var user = SetFileUser(Nobody); // Permissions do not bind root: this thread opens files as somebody else.
        try
        {
            Assert.Equal(
                RefusalCodes.StoreNotWritable, Assert.Throws<RefusedException>(() => Open(_folder.Path)).Refusal.Code);
        }
        finally
        {
            _ = SetFileUser(user);
            File.SetUnixFileMode(_folder.Path, readable | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_closed_store_refuses_work_and_closing_twice_is_harmless()
    {
        var store = Open(_folder.Path);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Users.Put([new() { Id = new("u1") }], default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Users.Get(new("u1"), default));
    }

    [Fact]
    public async Task Closing_carries_through_what_was_handed_in()
    {
        var store = Open(_folder.Path);
        var writes = Enumerable.Range(0, 300).Select(i => store.Users.Put([new() { Id = new($"u{i}") }], default)).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(writes);
        await using var again = Open(_folder.Path);
        Assert.NotNull(await again.Users.Get(new("u299"), default));
    }

    [Fact]
    public async Task Chunks_that_a_killed_writer_left_are_removed_by_the_next_write()
    {
        await Open(_folder.Path).DisposeAsync();
        Execute("INSERT INTO model_chunks (version, number, bytes) VALUES (1, 0, x'00'), (1, 1, x'00')");
        await using var store = Open(_folder.Path);
        Assert.Empty(await store.Models.List(default));
        var bytes = new byte[] { 1, 2, 3 };
        var manifest = await store.Models.Write(bytes, version => new()
        {
            Version = version, Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            Length = 3, CreatedAt = Samples.Start, Metrics = new(0, 0, 0, 0, 0),
        }, default);
        Assert.Equal(bytes, Assert.Single(await store.Models.ReadChunks(manifest.Version, default).ToListAsync()).ToArray());
    }

    [Fact]
    public async Task The_tables_themselves_refuse_a_broken_limit()
    {
        await using (var store = Open(_folder.Path))
        {
            await store.Campaigns.Put(Samples.Campaign(), default);
            await store.Campaigns.AddOffers([Samples.Offer()], default);
            var coupon = (await store.Ledger.Issue(Samples.Issue("k1"), Samples.Start, default)).Coupon!;
            await store.Ledger.Redeem(Samples.Redeem("r1", coupon), Samples.Start, default);
        }

        foreach (var sql in (string[])[
            "UPDATE budgets SET spent = allowed + 1", "UPDATE budgets SET spent = -1", "UPDATE coupons SET uses = uses_max + 1",
            "UPDATE coupons SET state = 6", "INSERT INTO redemptions (key, request, code, user_id, campaign_id, order_id, "
            + "amount, discount, at, rolled_back_at) SELECT 'r2', request, code, user_id, campaign_id, order_id, "
            + "amount, discount, at, rolled_back_at FROM redemptions", "DELETE FROM offers",
            "INSERT INTO coupons SELECT 2, 'X', user_id, offer_id, campaign_id, issue_key, state, issued_at, expires_at, viewed_at, "
            + "claimed_at, rating, model, score, propensity, redemption_probability, uses_max, uses FROM coupons"])
        {
            Assert.Equal(19, Assert.Throws<SqliteException>(() => Execute("PRAGMA foreign_keys = ON; " + sql)).SqliteErrorCode);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>As whom this thread opens files; nothing changes where it may not be somebody else.</summary>
    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileUser(int user);

    private static SqliteStore Open(string path) => SqliteStore.Open(path, TimeProvider.System, NullLoggerFactory.Instance);

    private SqliteGrainStore Prepare() => SqliteGrainStore.Prepare(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance);

    private void Execute(string sql, string file = SqliteStore.FileName)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
