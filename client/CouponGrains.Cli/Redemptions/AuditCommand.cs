using CouponGrains.Domain;
using CouponGrains.Storage.Sqlite;

namespace CouponGrains.Cli.Redemptions;

/// <summary><c>coupons audit</c>: checks every balance of a store, also of one that is in use. Reads only.</summary>
internal static class AuditCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "The folder of the store, in use or not", DefaultValueFactory = _ => "data",
    };

    public static Command Build() => Verb.Offline(
        "audit", "Check that money, coupons and books balance in a store, also while it is in use", [Data], Run);

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var audit = await Task.Run(() => SqliteAudit.Run(parsed.GetValue(Data)!), cancel);
        screen.Result(audit, console =>
        {
            console.Write(Screen.Grid(["identity", "must hold", "#checked", "#broken"], audit.Identities.Select(i => new[]
            {
                i.Name, i.Statement, $"{i.Checked:N0}", $"{i.Broken.Count:N0}",
            })));
            foreach (var broken in audit.Identities.SelectMany(i => i.Broken.Select(row => $"{i.Name}: {row}")))
            {
                console.WriteLine(broken);
            }
        });
        if (!audit.Holds)
        {
            var names = audit.Identities.Where(i => !i.Holds).Select(i => i.Name);
            throw new RefusedException(RefusalCodes.LedgerBroken, $"Not all balances hold: {string.Join(", ", names)}.");
        }
    }
}
