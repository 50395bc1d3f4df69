using System.Globalization;
using CouponGrains.Contracts.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Cli.Audit;

/// <summary><c>coupons audit events</c>: who changed what.</summary>
internal static class EventsCommand
{
    private static readonly Option<string?> By = new("--actor") { Description = "A kind of caller, or one: key, key:k_7f3a" };
    private static readonly Option<string?> Action = new("--action") { Description = "What was done, or its first word: campaign" };
    private static readonly Option<string?> Target = new("--target") { Description = "To what: campaign/autumn" };
    private static readonly Option<string?> Since = new("--since") { Description = "The first instant: 2026-11-24T00:00:00Z" };
    private static readonly Option<int> Count = Verb.Count(20);

    public static Command Build() => Verb.Online(
        "events", "Who changed what, the newest first", [By, Action, Target, Since, Count], Run);

    private static async Task Run(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var filter = new AuditFilter
        {
            Actor = parsed.GetValue(By),
            Action = parsed.GetValue(Action),
            Target = parsed.GetValue(Target),
            Since = Instant(parsed.GetValue(Since)),
        };
        var page = Screen.Take(await client.GetGrain<IAuditGrain>(0)
            .Find(filter, long.MaxValue, Verb.Counted(parsed, Count), cancel));
        screen.Result(new { page.Events }, console => console.Write(Screen.Grid(
            ["#number", "at", "actor", "action", "target", "outcome", "what changed"],
            page.Events.Select(e => new[]
            {
                $"{e.Number}", $"{e.At:u}", e.Actor.ToString(), e.Action, e.Target, e.Outcome.ToString(),
                string.Join(", ", e.Changes.Take(3).Select(c => $"{c.Path} {c.Before} → {c.After}")),
            }))));
    }

    private static DateTimeOffset? Instant(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new RefusedException(RefusalCodes.InvalidValue, "--since is an instant, as in 2026-11-24T00:00:00Z.");
}
