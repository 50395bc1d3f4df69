using CouponGrains.Cli.Coupons;
using CouponGrains.Client;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Profiles;

/// <summary><c>coupons user list|show|similar|decisions|explain|forget USER</c>.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };

    private static readonly Argument<string> Event = new("DECISION") { Description = "The id that decisions lists" };

    private static readonly Option<int> Count = Verb.Count(10);

    private static readonly Option<string?> After = new("--after") { Description = "Only those behind this id" };

    private static readonly Option<bool> Yes = new("--yes") { Description = "It is meant: it cannot be undone" };

    public static Command Build() => Verb.Group("user", "Users",
        Verb.Online("list", "Users in the order of their ids", [Count, After], List),
        Verb.Online("show", "A user's profile and wallet", [User], Show),
        Verb.Online("similar", "The users of like taste", [User, Count], Similar),
        Verb.Online("decisions", "What was decided for a user, newest first", [User, Count], Decisions),
        Verb.Online("explain", "Why something was decided", [User, Event], Explain),
        Verb.Online("forget", "Erase a user's behaviour, attributes and open coupons", [User, Yes], Forget));

    private static async Task List(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        UserId? after = parsed.GetValue(After) is { } last ? new(last) : null;
        var users = await client.Users(after, cancel).Take(Verb.Counted(parsed, Count)).ToArrayAsync(cancel);
        screen.Result(new { users }, console => console.Write(Screen.Grid(
            ["user", "consent", "attributes"], users.Select(u => new[]
            {
                u.Id.Value, u.Consent ? "yes" : "no", string.Join(", ", u.Attributes.Select(a => $"{a.Key} = {a.Value}")),
            }))));
    }

    private static async Task Decisions(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var decisions = await client.Decisions(Ids.User(parsed, User), Verb.Counted(parsed, Count), cancel);
        screen.Result(decisions, console => console.Write(Screen.Grid(
            ["at", "decision", "what", "offer", "model", "#score"],
            decisions.Select(d => new[]
            {
                $"{d.At:u}", d.Id.Value, d.Kind.ToString(), d.Offer.Value, d.Model.ToString(), $"{d.Score:F4}",
            }))));
    }

    private static async Task Explain(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var decision = Ids.Event(parsed.GetValue(Event)!);
        var told = await client.Explain(Ids.User(parsed, User), decision, cancel);
        screen.Result(told, console =>
        {
            console.WriteLine($"{told.Decision.Offer} by {told.Decision.Model}, score {told.Decision.Score:F4}; "
                + (told.Exact ? "told as it was decided" : $"told as {told.Model} would decide today"));
            console.Write(Screen.Grid(["why"], told.Reasons.Select(reason => new[] { reason.Text })));
        });
    }

    private static async Task Forget(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        if (!parsed.GetValue(Yes))
        {
            throw new RefusedException(RefusalCodes.InvalidValue, "What is forgotten is gone; say --yes if it is meant.");
        }

        var forgotten = await client.Forget(Ids.User(parsed, User), cancel);
        screen.Result(forgotten, console => console.WriteLine(
            $"{forgotten.Events:N0} events erased, {forgotten.Coupons:N0} coupons taken back"));
    }

    private static async Task Similar(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var similar = await client.SimilarUsers(Ids.User(parsed, User), Verb.Counted(parsed, Count), cancel);
        screen.Result(similar, console => console.Write(Screen.Grid(
            ["user", "#cosine"], similar.Select(s => new[] { s.User.Value, $"{s.Cosine:F4}" }))));
    }

    private static async Task Show(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var user = Ids.User(parsed, User);
        var view = await client.Profile(user, cancel);
        var wallet = await client.Wallet(user, cancel).ToArrayAsync(cancel);
        screen.Result(new { user = view, wallet }, console =>
        {
            console.WriteLine($"{view.Record.Id}: {view.Orders} orders, {string.Join(", ", view.Spent)} spent"
                + $"{(view.Record.Consent ? "" : ", no consent to personal offers")}, model {view.Model}");
            console.WriteLine(string.Join(", ", view.Record.Attributes.Select(a => $"{a.Key} = {a.Value}")));
            console.Write(Screen.Grid(["kind", "#events", "last"],
                view.Kinds.OrderBy(k => k.Key).Select(k => new[] { k.Key.ToString(), $"{k.Value.Count:N0}", $"{k.Value.LastAt:u}" })));
            console.Write(Screen.Grid(["category", "#events", "last"], view.Categories.OrderByDescending(c => c.Value.Count).Take(10)
                .Select(c => new[] { c.Key, $"{c.Value.Count:N0}", $"{c.Value.LastAt:u}" })));
            console.Write(CouponCommand.Grid(wallet));
        });
    }
}
