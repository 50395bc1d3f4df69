using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Storage.Tests.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Storage.Tests.Audit;

/// <summary>What who can write in the database does to the chain: refused, and if he takes the bars away,
/// found.</summary>
public sealed class TamperedChainTests : IDisposable
{
    private static readonly string[] Refused =
        ["UPDATE audit_events SET actor = 'local:other' WHERE number = 2", "DELETE FROM audit_events WHERE number = 3"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, long, AuditFaultKind> Tampering => new()
    {
        { "UPDATE audit_events SET actor = 'local:other' WHERE number = 2", 2, AuditFaultKind.Changed },
        { "UPDATE audit_events SET actor = 'nobody' WHERE number = 2", 2, AuditFaultKind.Changed },
        { "UPDATE audit_events SET changes = '[' WHERE number = 1", 1, AuditFaultKind.Changed },
        { "UPDATE audit_events SET hash = 'x' WHERE number = 3", 3, AuditFaultKind.Changed },
        { "UPDATE audit_events SET previous = 'x' WHERE number = 3", 3, AuditFaultKind.Unlinked },
        { "DELETE FROM audit_events WHERE number = 1", 1, AuditFaultKind.Missing },
        { "DELETE FROM audit_events WHERE number = 2", 2, AuditFaultKind.Missing },
        { "DELETE FROM audit_events WHERE number >= 3", 3, AuditFaultKind.Missing },
        { "DELETE FROM audit_events", 1, AuditFaultKind.Missing },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task A_chain_in_the_embedded_store_that_was_tampered_with_is_found_at_its_place(
        string sql, long number, AuditFaultKind kind)
    {
        AuditHead noted;
        await using (var store = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance))
        {
            noted = await Fill(store.Audit);
        }

        Assert.All(Refused, refused => Assert.Throws<SqliteException>(() => Execute(refused)));
        var whole = SqliteAudit.Run(_folder.Path, noted);
        Assert.Equal((noted, true), (whole.Chain!.Head, whole.Holds));
        Execute($"DROP TRIGGER audit_events_stay; DROP TRIGGER audit_events_remain; {sql}");
        Found(SqliteAudit.Run(_folder.Path), number, kind);
        await using var again = SqliteStore.Open(_folder.Path, TimeProvider.System, NullLoggerFactory.Instance);
        await again.Audit.Append(Entry(5), default);
        Assert.Equal(new(number, kind), (await again.Audit.Verify(AuditCheck.Begin, null, default)).Fault);
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task A_chain_in_postgres_that_was_tampered_with_is_found_at_its_place(
        string sql, long number, AuditFaultKind kind)
    {
        var server = await SharedPostgres.Server;
        var database = await server.TakeDatabase();
        AuditHead noted;
        await using (var store = await Open(server, database))
        {
            noted = await Fill(store.Audit);
        }

        foreach (var refused in Refused.Append("TRUNCATE audit_events"))
        {
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Execute(database, refused));
        }

        var whole = await PostgresAudit.Run(server.Connection(database), TimeProvider.System, default, noted);
        Assert.Equal((noted, true), (whole.Chain!.Head, whole.Holds));
        await server.Execute(database, $"ALTER TABLE audit_events DISABLE TRIGGER USER; {sql}");
        Found(await PostgresAudit.Run(server.Connection(database), TimeProvider.System, default), number, kind);
        await using (var again = await Open(server, database))
        {
            await again.Audit.Append(Entry(5), default);
            Assert.Equal(new(number, kind), (await again.Audit.Verify(AuditCheck.Begin, null, default)).Fault);
        }

        await server.GiveBack(database);
    }

    [Fact]
    public async Task Silos_that_append_at_once_to_one_database_make_one_chain()
    {
        var server = await SharedPostgres.Server;
        var database = await server.TakeDatabase();
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Open(server, database)));
        await Task.WhenAll(silos.SelectMany(silo => Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await silo.Audit.Append(Entry(i), default);
            }
        })));
        var check = await silos[0].Audit.Verify(AuditCheck.Begin, null, default);
        Assert.Equal((120, null), (check.Head.Number, check.Fault));
        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }

        await server.GiveBack(database);
    }

    public void Dispose() => _folder.Dispose();

    private static void Found(LedgerAudit audit, long number, AuditFaultKind kind)
    {
        Assert.Equal(new(number, kind), audit.Chain?.Fault);
        Assert.False(audit.Holds);
    }

    private static async Task<AuditHead> Fill(IAuditLog log)
    {
        for (var i = 1; i <= 4; i++)
        {
            await log.Append(Entry(i), default);
        }

        return await log.Head(default);
    }

    private static AuditEntry Entry(int number) => new()
    {
        At = new(2026, 3, 1, 9, number, 0, TimeSpan.Zero), Actor = Actor.Local, Action = "test", Target = $"test/{number}",
        Changes = [new("/a", $"{number}", null)],
    };

    private static Task<PostgresStore> Open(PostgresServer server, string database) =>
        PostgresStore.Open(server.Connection(database), TimeProvider.System, NullLoggerFactory.Instance);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.Path, SqliteStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
