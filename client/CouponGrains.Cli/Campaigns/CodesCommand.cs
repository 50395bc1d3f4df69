using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign codes CAMPAIGN</c>: makes codes in advance and writes them into a file. Stopped at any
/// time, the same command goes on and makes none twice.</summary>
internal static class CodesCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Option<string> Offer = new("--offer") { Description = "What each code gives", Required = true };
    private static readonly Option<int> Count = new("--count") { Description = "How many codes", Required = true };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The batch's name: the same name makes the codes once", DefaultValueFactory = _ => "first",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file to write them into, one a line; it is there once it is whole", Required = true,
    };

    public static Command Build() => Verb.Online(
        "codes", "Make codes in advance, for leaflets and mailings, which users claim",
        [Id, Offer, Count, Name, Out], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaign = Ids.Campaign(parsed.GetValue(Id)!);
        var (name, path) = (parsed.GetValue(Name)!, parsed.GetValue(Out)!);
        var order = new CodeOrder(campaign, name, Ids.Offer(parsed.GetValue(Offer)!), parsed.GetValue(Count));
        var batch = await client.OrderCodes(order, cancel);
        try
        {
            await screen.Progress($"codes {name}", async report =>
            {
                while (!batch.Done)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
                    batch = await client.CodeBatch(campaign, name, cancel);
                    report((double)batch.Made / batch.Wanted, $"codes {name}: {batch.Made:N0} of {batch.Wanted:N0}");
                }
            });
        }
        catch (OperationCanceledException)
        {
            screen.Note($"{batch.Made:N0} codes are made and the rest follows; the same command watches it");
            throw;
        }

        await Write(client, campaign, name, path, cancel);
        screen.Result(batch, console => console.WriteLine($"{batch.Made:N0} codes of {batch.Offer} in {path}"));
    }

    private static async Task Write(
        ICouponsClient client, CampaignId campaign, string name, string path, CancellationToken cancel)
    {
        var unfinished = path + ".new";
        await using (var text = new StreamWriter(unfinished) { NewLine = "\n" })
        {
            await foreach (var code in client.Codes(campaign, name, cancel))
            {
                await text.WriteLineAsync(code);
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
