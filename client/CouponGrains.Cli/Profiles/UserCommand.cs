using CouponGrains.Contracts.Profiles;

namespace CouponGrains.Cli.Profiles;

/// <summary><c>coupons user show USER</c>: profile and wallet; <c>coupons user similar USER</c>: users of like
/// taste.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };

    private static readonly Option<int> Count = Verb.Count(10);

    public static Command Build() => Verb.Group("user", "Users",
        Verb.Online("show", "A user's profile and wallet", [User], Show),
        Verb.Online("similar", "The users of like taste", [User, Count], Similar));

    private static async Task Similar(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var user = Ids.User(parsed.GetValue(User)!);
        var similar = await client.GetGrain<IUserGrain>(user.Value).Similar(Verb.Counted(parsed, Count), cancel);
        screen.Result(similar, console => console.Write(Screen.Grid(
            ["user", "#cosine"], similar.Select(s => new[] { s.User.Value, $"{s.Cosine:F4}" }))));
    }

    private static async Task Show(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var grain = client.GetGrain<IUserGrain>(Ids.User(parsed.GetValue(User)!).Value);
        var view = Screen.Take(await grain.Show(cancel));
        var wallet = await grain.Wallet(cancel);
        screen.Result(new { user = view, wallet }, console =>
        {
            console.WriteLine($"{view.Record.Id}: {view.Orders} orders, {string.Join(", ", view.Spent)} spent"
                + $"{(view.Record.Consent ? "" : ", no consent to personal offers")}, model {view.Model}");
            console.WriteLine(string.Join(", ", view.Record.Attributes.Select(a => $"{a.Key} = {a.Value}")));
            console.Write(Screen.Grid(["kind", "#events", "last"],
                view.Kinds.OrderBy(k => k.Key).Select(k => new[] { k.Key.ToString(), $"{k.Value.Count:N0}", $"{k.Value.LastAt:u}" })));
            console.Write(Screen.Grid(["category", "#events", "last"], view.Categories.OrderByDescending(c => c.Value.Count).Take(10)
                .Select(c => new[] { c.Key, $"{c.Value.Count:N0}", $"{c.Value.LastAt:u}" })));
            console.Write(Screen.Grid(["code", "state", "until", "offer"],
                wallet.Select(w => new[] { w.Coupon.Code, w.Coupon.State.ToString(), $"{w.Coupon.ExpiresAt:u}", w.Offer.Title })));
        });
    }
}
