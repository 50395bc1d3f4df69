using CouponGrains.Contracts.Profiles;

namespace CouponGrains.Cli.Profiles;

/// <summary><c>coupons user show USER</c>: profile and wallet.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };

    public static Command Build() => Verb.Group("user", "Users", Verb.Online("show", "A user's profile and wallet", [User], Show));

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
