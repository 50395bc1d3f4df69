using CouponGrains.Client;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Cli.Offers;

/// <summary><c>coupons offers judgement|list|show|approve|reject|withdraw</c>;
/// <c>generate</c> and <c>judge</c> stand beside.</summary>
internal static class OffersCommand
{
    private static readonly Argument<string> Campaign = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Argument<string> Offer = new("OFFER") { Description = "The offer's id" };
    private static readonly Option<string> Note = new("--note") { Description = "Why", DefaultValueFactory = _ => "" };

    private static readonly Option<long?> Version = new("--model") { Description = "The number of a stored model (the one in force)" };
    private static readonly Option<string?> Out = new("--out") { Description = "Draw the judgement into this .png or .svg" };

    public static Command Build() => Verb.Group("offers", "Offers: design, judge, review",
        GenerateCommand.Build(),
        JudgeCommand.Build(),
        Verb.Online("judgement", "How the generator of a stored model was judged when it was trained", [Version, Out], Judgement),
        Verb.Online("list", "A campaign's offers in force, and those in review", [Campaign], List),
        Verb.Online("show", "An offer, and what its review should know", [Campaign, Offer], Show),
        Decide("approve", "Put an offer in review into force", approved: true),
        Decide("reject", "Never put an offer in review into force", approved: false),
        Verb.Online("withdraw", "Issue an offer no more; its coupons stay valid", [Campaign, Offer], Withdraw));

    private static async Task Withdraw(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var offer = await client.WithdrawOffer(Named(parsed), Ids.Offer(parsed.GetValue(Offer)!), cancel);
        screen.Result(offer, console => console.WriteLine($"{Line(offer)}: withdrawn"));
    }

    private static CampaignId Named(ParseResult parsed) => Ids.Campaign(parsed.GetValue(Campaign)!);

    private static async Task Judgement(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var list = await client.Models(cancel);
        var version = parsed.GetValue(Version) is { } number ? new ModelVersion(number) : list.Current;
        var manifest = list.Models.FirstOrDefault(m => m.Version == version)
            ?? throw new RefusedException(RefusalCodes.UnknownModel, $"There is no model {version}.");
        var report = JudgementReport.OfJson(manifest.Training.GetValueOrDefault(JudgementReport.ManifestName, "null"))
            ?? throw new RefusedException(RefusalCodes.UnknownModel, $"The generator of model {version} was not judged.");
        if (parsed.GetValue(Out) is { } picture)
        {
            JudgementPicture.Draw(report, new(), picture);
            screen.Note($"drawn: {picture}");
        }

        screen.Result(report, console => JudgementTable.Show(console, report));
    }

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaign = Named(parsed);
        var inForce = (await client.Campaign(campaign, cancel)).Offers;
        var reviews = await client.Reviews(campaign, cancel).ToArrayAsync(cancel);
        screen.Result(new { inForce, reviews }, console =>
        {
            console.Write(Screen.Grid(["in force", "source", "what"],
                inForce.Select(o => new[] { o.Id.Value, o.Source.ToString(), o.Title })));
            if (reviews.Length > 0)
            {
                console.Write(Screen.Grid(
                    ["review", "stands", "what", "#one use", "#a coupon", "#margin left", "nearest in force", "#like"],
                    reviews.Select(Row)));
            }
        });
    }

    private static string[] Row(ReviewedOffer r) =>
    [
        r.Offer.Id.Value, r.Status.ToString(), r.Offer.Title, r.Cost.ToString(), r.ExpectedCost.ToString(),
        r.MarginLeftBasisPoints is { } margin ? $"{margin / 100.0:F1} %" : "", r.Nearest?.Value ?? "",
        r.Nearest is null ? "" : $"{r.Likeness:P0}",
    ];

    private static async Task Show(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var (campaign, id) = (Named(parsed), Ids.Offer(parsed.GetValue(Offer)!));
        var review = await client.Reviews(campaign, cancel).FirstOrDefaultAsync(r => r.Offer.Id == id, cancel);
        var offer = review?.Offer ?? (await client.Campaign(campaign, cancel)).Offers.FirstOrDefault(o => o.Id == id)
            ?? throw new RefusedException(RefusalCodes.UnknownOffer,
                $"Campaign {parsed.GetValue(Campaign)} has no offer {id} in force or in review.");
        screen.Result(new { offer, review }, console =>
        {
            console.WriteLine(Line(offer));
            if (review is not null)
            {
                console.WriteLine($"review: {review.Status}{(review.At is { } at ? $" {at:u}" : "")} {review.Note}");
                console.WriteLine($"one use gives {review.Cost}, a coupon {review.ExpectedCost} on average; margin left "
                    + $"{Row(review)[5]}; nearest in force: {review.Nearest?.Value ?? "none"} {Row(review)[7]}");
            }
        });
    }

    private static string Line(Offer o) => $"{o.Id} {o.Title}: {o.Kind}, {o.Source}, valid {o.ValidFor.TotalDays:F0} days, on "
        + (o.Scope.IsWholeCart ? "the whole cart" : string.Join(", ", o.Scope.Categories.Concat(o.Scope.Brands)
            .Concat(o.Scope.Items.Take(5).Select(i => i.Value))));

    private static Command Decide(string name, string description, bool approved) => Verb.Online(
        name, description, [Campaign, Offer, Note], async (parsed, client, screen, cancel) =>
        {
            var offer = await client.DecideReview(
                Named(parsed), Ids.Offer(parsed.GetValue(Offer)!), approved, parsed.GetValue(Note)!, cancel);
            screen.Result(new { offer, approved }, console => console.WriteLine(
                $"{Line(offer)}: {(approved ? "approved" : "rejected")}"));
        });
}
