using CouponGrains.Client;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Cli.Transfers;

/// <summary><c>coupons operations list|show|cancel</c>: files that were sent to be worked off.</summary>
internal static class OperationsCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The operation's id" };
    private static readonly Option<int> Count = Verb.Count(20);

    private static readonly Option<bool> Watch = new("--watch") { Description = "Stay until it is over" };

    public static Command Build() => Verb.Group("operations", "Files that were sent to be worked off",
        Verb.Online("list", "The newest first", [Count], List),
        Verb.Online("show", "How far one is, and why lines were refused", [Id, Watch], Show),
        Verb.Online("cancel", "Stop one; what was taken in stays", [Id], Cancel));

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var imports = await client.Operations(Verb.Counted(parsed, Count), cancel);
        screen.Result(new { operations = imports }, console => console.Write(Screen.Grid(
            ["operation", "kind", "state", "#done", "#of", "#accepted", "#known", "#refused", "began"],
            imports.Select(Row))));
    }

    private static async Task Show(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var id = Ids.Operation(parsed.GetValue(Id)!);
        var import = await client.Operation(id, cancel);
        if (parsed.GetValue(Watch))
        {
            await screen.Progress(import.Id, async report =>
            {
                while (import.IsOpen)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
                    import = await client.Operation(id, cancel);
                    report(import.Total == 0 ? 0 : (double)import.Counts.Lines / import.Total,
                        $"{import.Counts.Lines:N0} of {import.Total:N0} lines");
                }
            });
        }

        Print(screen, import);
    }

    private static async Task Cancel(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Print(screen, await client.CancelOperation(Ids.Operation(parsed.GetValue(Id)!), cancel));

    private static void Print(Screen screen, FileImport import) => screen.Result(import, console =>
    {
        console.Write(Screen.Grid(
            ["operation", "kind", "state", "#done", "#of", "#accepted", "#known", "#refused", "began"], [Row(import)]));
        if (import.Errors.Count > 0)
        {
            console.Write(Screen.Grid(["#line", "where", "reason", "detail"], import.Errors.Select(
                fault => new[] { $"{fault.Line}", fault.Pointer ?? "", fault.Code, fault.Detail })));
        }
    });

    private static string[] Row(FileImport import) =>
    [
        import.Id, $"{import.Kind}".ToLowerInvariant(), $"{import.State}".ToLowerInvariant(), $"{import.Counts.Lines:N0}",
        $"{import.Total:N0}", $"{import.Counts.Accepted:N0}", $"{import.Counts.Duplicate:N0}", $"{import.Counts.Refused:N0}",
        $"{import.At:u}",
    ];
}
