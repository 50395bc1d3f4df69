using CouponGrains.Cli.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Storage.Postgres;
using CouponGrains.Storage.Sqlite;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons audit</c>: checks every balance of a store and the chain of operators' changes, also of one that
/// is in use. Reads only. <c>coupons audit events</c> and <c>verify</c>
/// stand beside.</summary>
internal static class AuditCommand
{
    /// <summary>Names the database where other users of the machine do not see it; the silo host reads the
    /// same.</summary>
    private const string Environment = "CouponGrains__Connection";

    private static readonly Option<string> Data = new("--data")
    {
        Description = "The folder of the embedded store, in use or not", DefaultValueFactory = _ => "data",
    };

    private static readonly Option<string?> Store = new("--store")
    {
        Description = "sqlite, embedded; or postgres (sqlite, unless a database is named and no --data)",
    };

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = $"The PostgreSQL database; better given in the environment as {Environment}",
    };

    private static readonly Option<string?> Noted = new("--noted")
    {
        Description = "A head of the chain that was noted earlier, NUMBER:HASH: it must still be in it",
    };

    public static Command Build()
    {
        var command = Verb.Offline("audit",
            "Check that money, coupons and books balance in a store, and that no record of a change was tampered with",
            [Data, Store, Connection, Noted], Run);
        command.Add(EventsCommand.Build());
        command.Add(EventsCommand.BuildVerify());
        return command;
    }

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var noted = EventsCommand.Head(parsed.GetValue(Noted));
        var audit = Database(parsed) is { } connection
            ? await PostgresAudit.Run(connection, TimeProvider.System, cancel, noted)
            : await Task.Run(() => SqliteAudit.Run(parsed.GetValue(Data)!, noted), cancel);
        screen.Result(audit, console => Tell(audit, console));
        if (audit.Chain is { Fault: { } fault })
        {
            throw new RefusedException(RefusalCodes.AuditBroken, $"The chain of changes is broken: {fault}.");
        }

        if (!audit.Holds)
        {
            var names = audit.Identities.Where(i => !i.Holds).Select(i => i.Name);
            throw new RefusedException(RefusalCodes.LedgerBroken, $"Not all balances hold: {string.Join(", ", names)}.");
        }
    }

    /// <summary>The connection string of the store, or null for the embedded one.</summary>
    private static string? Database(ParseResult parsed)
    {
        var given = parsed.GetValue(Connection);
        var connection = given ?? System.Environment.GetEnvironmentVariable(Environment);
        return parsed.GetValue(Store) switch
        {
            "postgres" => string.IsNullOrEmpty(connection) ? throw new RefusedException(RefusalCodes.BadOption,
                $"store is 'postgres', but neither --connection nor {Environment} says where the database is.") : connection,
            "sqlite" when given is null => null,
            "sqlite" => throw new RefusedException(
                RefusalCodes.BadOption, "store is 'sqlite', but connection names a PostgreSQL database."),
            null => given ?? (parsed.GetResult(Data) is { Implicit: false } || connection is "" ? null : connection),
            var other => throw new RefusedException(
                RefusalCodes.BadOption, $"store is '{other}', but must be sqlite or postgres."),
        };
    }

    private static void Tell(LedgerAudit audit, IAnsiConsole console)
    {
        console.Write(Screen.Grid(["identity", "must hold", "#checked", "#broken"], audit.Identities.Select(i => new[]
        {
            i.Name, i.Statement, $"{i.Checked:N0}", $"{i.Broken.Count:N0}",
        })));
        foreach (var broken in audit.Identities.SelectMany(i => i.Broken.Select(row => $"{i.Name}: {row}")))
        {
            console.WriteLine(broken);
        }

        if (audit.Chain is { } chain)
        {
            console.WriteLine(chain.Fault is { } fault
                ? $"changes: {fault}"
                : $"changes: {chain.Head.Number:N0} records in one chain; note its head elsewhere: {chain.Head}");
        }
    }
}
