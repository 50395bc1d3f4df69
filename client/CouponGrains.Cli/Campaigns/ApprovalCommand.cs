using CouponGrains.Client;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign approvals|approve|reject</c>: what takes two persons.</summary>
internal static class ApprovalCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Argument<string?> Of = new("CAMPAIGN")
    {
        Description = "The campaign's id; what waits of all of them without one", Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<int> Request = new("REQUEST") { Description = "The number of the request" };
    private static readonly Option<string> Note = new("--note") { Description = "Why", DefaultValueFactory = _ => "" };

    public static Command BuildList() => Verb.Online(
        "approvals", "Who asked for more than one person may decide, and what became of it", [Of], List);

    public static Command BuildApprove() => Decide(
        "approve", "Put into force what another person asked for", approved: true);

    public static Command BuildReject() => Decide("reject", "Leave the campaign as it is", approved: false);

    private static CampaignId Named(ParseResult parsed) => Ids.Campaign(parsed.GetValue(Id)!);

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var asked = parsed.GetValue(Of) is { } id ? client.Approvals(Ids.Campaign(id), cancel) : client.WaitingApprovals(cancel);
        var approvals = await asked.ToArrayAsync(cancel);
        screen.Result(new { approvals }, console => console.Write(Screen.Grid(
            ["campaign", "#request", "stands", "#budget", "asked by", "at", "decided by", "note"], approvals.Select(a => new[]
            {
                a.Wanted.Id.Value, $"{a.Number}", a.Status.ToString(), a.Wanted.Budget.ToString(), a.AskedBy.ToString(), $"{a.AskedAt:u}",
                a.DecidedBy?.ToString() ?? "", a.Note,
            }))));
    }

    private static Command Decide(string name, string description, bool approved) => Verb.Online(
        name, description, [Id, Request, Note], async (parsed, client, screen, cancel) =>
        {
            var decided = await client.DecideApproval(
                Named(parsed), parsed.GetValue(Request), approved, parsed.GetValue(Note)!, cancel);
            screen.Result(decided, console => console.WriteLine(
                $"request {decided.Number} of {decided.Wanted.Id}: {decided.Status}"
                + (approved ? $"; {CampaignCommand.Line(decided.Wanted)}" : "")));
        });
}
