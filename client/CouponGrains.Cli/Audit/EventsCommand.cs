using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Cli.Audit;

/// <summary><c>coupons audit events</c>: who changed what; <c>coupons audit verify</c>: whether the chain of all
/// changes
/// holds, as a running CouponGrains tells it.</summary>
internal static class EventsCommand
{
    private static readonly Option<string?> By = new("--actor") { Description = "A kind of caller, or one: key, key:k_7f3a" };
    private static readonly Option<string?> Action = new("--action") { Description = "What was done, or its first word: campaign" };
    private static readonly Option<string?> Target = new("--target") { Description = "To what: campaign/autumn" };
    private static readonly Option<string?> Since = new("--since") { Description = "The first instant: 2026-11-24T00:00:00Z" };
    private static readonly Option<int> Count = Verb.Count(20);

    private static readonly Option<string?> Noted = new("--noted")
    {
        Description = "A head of the chain that was noted earlier, NUMBER:HASH: it must still be in it",
    };

    public static Command BuildVerify() => Verb.Online(
        "verify", "Whether no record of a change was tampered with, asked of a running server", [Noted], Verify);

    private static async Task Verify(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var check = await client.VerifyAudit(Head(parsed.GetValue(Noted)), cancel);
        screen.Result(check, console => console.WriteLine(check.Fault is { } fault
            ? $"changes: {fault}"
            : $"changes: {check.Head.Number:N0} records in one chain; note its head elsewhere: {check.Head}"));
        if (check.Fault is { } broken)
        {
            throw new RefusedException(RefusalCodes.AuditBroken, $"The chain of changes is broken: {broken}.");
        }
    }

    /// <summary>A noted head, or null.</summary>
    internal static AuditHead? Head(string? noted) => noted is null ? null
        : AuditHead.Parse(noted) ?? throw new RefusedException(
            RefusalCodes.BadOption, $"noted is '{noted}', but must be NUMBER:HASH, as an audit prints it.");

    public static Command Build() => Verb.Online(
        "events", "Who changed what, the newest first", [By, Action, Target, Since, Count], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var filter = new AuditFilter
        {
            Actor = parsed.GetValue(By),
            Action = parsed.GetValue(Action),
            Target = parsed.GetValue(Target),
            Since = Instants.Parse(parsed.GetValue(Since), "--since"),
        };
        var events = await client.AuditEvents(filter, Verb.Counted(parsed, Count), cancel);
        screen.Result(new { events }, console => console.Write(Screen.Grid(
            ["#number", "at", "actor", "action", "target", "outcome", "what changed"],
            events.Select(e => new[]
            {
                $"{e.Number}", $"{e.At:u}", e.Actor.ToString(), e.Action, e.Target, e.Outcome.ToString(),
                string.Join(", ", e.Changes.Take(3).Select(c => $"{c.Path} {c.Before} → {c.After}")),
            }))));
    }
}
