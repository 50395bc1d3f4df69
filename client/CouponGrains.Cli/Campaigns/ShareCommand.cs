using CouponGrains.Client;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign share CAMPAIGN</c>: gives an offer a code that many users share; without one, lists
/// them.</summary>
internal static class ShareCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Option<string?> Offer = new("--offer") { Description = "What the code gives" };

    private static readonly Option<string?> Code = new("--code")
    {
        Description = "The code, as WELCOME10: 3 to 32 letters, digits and hyphens; without it those that there are are listed",
    };

    public static Command Build() => Verb.Online(
        "share", "Give an offer a code that many users share, or list such codes", [Id, Offer, Code], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaign = Ids.Campaign(parsed.GetValue(Id)!);
        var (offer, code) = (parsed.GetValue(Offer), parsed.GetValue(Code));
        if (offer is null != code is null)
        {
            throw new RefusedException(RefusalCodes.BadOption, "Give --offer and --code together, or neither to list the codes.");
        }

        if (offer is not null)
        {
            var shared = await client.ShareCode(new(campaign, code!, Ids.Offer(offer)), cancel);
            screen.Result(shared, console => console.WriteLine($"{shared.Code} gives {shared.Offer}"));
            return;
        }

        var codes = await client.SharedCodes(campaign, cancel).ToArrayAsync(cancel);
        screen.Result(codes, console =>
        {
            foreach (var shared in codes)
            {
                console.WriteLine($"{shared.Code} gives {shared.Offer} since {shared.At:yyyy-MM-dd}");
            }
        });
    }
}
