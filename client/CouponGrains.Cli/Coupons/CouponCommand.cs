using CouponGrains.Client;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Cli.Coupons;

/// <summary><c>coupons coupon issue|list|void USER</c>: one user's coupons, by hand.</summary>
internal static class CouponCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Argument<string> Code = new("CODE") { Description = "The coupon's code" };
    private static readonly Option<string> Campaign = new("--campaign")
    {
        Description = "Of which campaign", Required = true,
    };

    private static readonly Option<string?> Offer = new("--offer")
    {
        Description = "Which offer (the one that suits best)",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The key of this wish; the same key issues once (a new one)",
    };

    public static Command Build() => Verb.Group("coupon", "A user's coupons: issue, list, take back",
        Verb.Online("issue", "Issue a coupon to a user", [User, Campaign, Offer, Key], Issue),
        Verb.Online("list", "A user's coupons, newest first", [User], List),
        Verb.Online("void", "Take an open coupon back; a reservation of it is given up", [User, Code], Void));

    private static async Task Issue(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var command = new IssueCommand(
            parsed.GetValue(Key) ?? Guid.NewGuid().ToString("N"), Ids.Campaign(parsed.GetValue(Campaign)!),
            parsed.GetValue(Offer) is { } offer ? Ids.Offer(offer) : null);
        var coupon = await client.Issue(Ids.User(parsed, User), command, cancel);
        screen.Result(new { coupon, key = command.Key }, console => console.WriteLine(Line(coupon)));
    }

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var wallet = await client.Wallet(Ids.User(parsed, User), cancel).ToArrayAsync(cancel);
        screen.Result(new { coupons = wallet }, console => console.Write(Grid(wallet)));
    }

    private static async Task Void(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var coupon = await client.Void(Ids.User(parsed, User), parsed.GetValue(Code)!, cancel);
        screen.Result(coupon, console => console.WriteLine(Line(coupon)));
    }

    /// <summary>A wallet for people.</summary>
    internal static Table Grid(IEnumerable<WalletEntry> wallet) => Screen.Grid(
        ["code", "state", "#used", "until", "offer"], wallet.Select(w => new[]
        {
            w.Coupon.Code, w.Coupon.State.ToString(), $"{w.Coupon.Uses} of {w.Coupon.UsesMax}",
            $"{w.Coupon.ExpiresAt:u}", w.Offer.Title,
        }));

    private static string Line(Coupon coupon) =>
        $"{coupon.Code}: {coupon.State}, offer {coupon.Offer}, until {coupon.ExpiresAt:u}";
}
