using CouponGrains.Client;
using CouponGrains.Contracts.Ranking;
using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Cli.Ranking;

/// <summary><c>coupons recommend USER</c>: the offers that suit a user best, with reasons. Issues nothing.</summary>
internal static class RecommendCommand
{
    private static readonly Argument<string> User = new("USER") { Description = "The user's id" };
    private static readonly Option<int> Count = Verb.Count(5);
    private static readonly Option<string?> Campaign = new("--campaign") { Description = "Only offers of this campaign" };

    private const int ReasonsMax = 5;

    public static Command Build() => Verb.Online(
        "recommend", "The offers that suit a user best, with reasons", [User, Count, Campaign], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var user = Ids.User(parsed, User);
        CampaignId? campaign = parsed.GetValue(Campaign) is { } name ? Ids.Campaign(name) : null;
        var query = new OffersQuery(Verb.Counted(parsed, Count), campaign);
        var answer = await client.Offers(user, query, cancel);
        screen.Result(answer, console =>
        {
            console.WriteLine($"{user}: {answer.Offers.Count} offers by model {answer.Model}, {(answer.Personal ? "personal" : "not personal")}"
                + (answer.Basis is { } basis ? $", responses by {(basis == ResponseBasis.Model ? "the model" : "segment")}" : ""));
            console.Write(Screen.Grid(["#score", "#affinity", "#redeemed by", "offer", "what", "why"], answer.Offers.Select(o => new[]
            {
                $"{o.Score:F4}", $"{o.Affinity:F4}", o.Response is { } r ? $"{100 * r.Redeem:F1} %" : "–", o.Offer.Id.Value, o.Offer.Title,
                string.Join("; ", o.Reasons.Take(ReasonsMax).Select(reason => reason.Text)),
            })));
        });
    }
}
