using System.Text.Json;
using CouponGrains.Client;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign change CAMPAIGN</c>: the same changes that <c>PATCH</c> allows, by options or as a
/// merge patch
/// (RFC 7396).</summary>
internal static class ChangeCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Option<string?> Name = new("--name") { Description = "A name for people" };
    private static readonly Option<string?> Start = new("--start") { Description = "First day, yyyy-MM-dd" };
    private static readonly Option<string?> End = new("--end") { Description = "Last day, yyyy-MM-dd" };
    private static readonly Option<string?> Zone = new("--time-zone") { Description = "IANA name of its time zone" };
    private static readonly Option<string?> Budget = new("--budget") { Description = "The most it may give in all" };

    private static readonly Option<int?> Redemptions = new("--redemptions-max")
    {
        Description = "The most redemptions of all its coupons; 0 for no limit",
    };

    private static readonly Option<OfferApproval?> Approval = new("--approval")
    {
        Description = "What becomes of designed offers: automatic, or held for review",
    };

    private static readonly Option<string?> Cap = new("--cap") { Description = "The most one redemption may give" };
    private static readonly Option<int?> DepthMin = new("--depth-min") { Description = "Smallest depth in percent" };
    private static readonly Option<int?> DepthMax = new("--depth-max") { Description = "Largest depth in percent" };
    private static readonly Option<string?> SpendMin = new("--spend-min") { Description = "Smallest minimum spend" };
    private static readonly Option<string?> SpendMax = new("--spend-max") { Description = "Largest minimum spend" };

    private static readonly Option<string?> Patch = new("--patch")
    {
        Description = "Anything else of it: a merge patch, as '{\"caps\":{\"openPerUser\":2}}', or the file that holds it",
    };

    public static Command Build() => Verb.Online(
        "change", "Change a campaign; what more than one person must decide waits for another",
        [Id, Name, Start, End, Zone, Budget, Redemptions, Approval, Cap, DepthMin, DepthMax, SpendMin, SpendMax,
            Patch], Run);

    private static async Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var read = (await client.Campaign(Ids.Campaign(parsed.GetValue(Id)!), cancel)).Campaign;
        var wanted = Changed(parsed, read);
        if (wanted == read)
        {
            throw new RefusedException(
                RefusalCodes.MissingField,
                "Nothing to change is named; coupons campaign change --help lists what can be.");
        }

        var changed = await client.Change(wanted, cancel);
        screen.Result(changed, console => console.WriteLine(
            $"{CampaignCommand.Line(changed)}; revision {changed.Revision}"));
    }

    /// <summary>The campaign with what the command line names. Throws <see cref="RefusedException"/>.</summary>
    internal static Campaign Changed(ParseResult parsed, Campaign read)
    {
        var patched = parsed.GetValue(Patch) is { } patch ? Patched(read, patch) : read;
        var zone = parsed.GetValue(Zone) ?? patched.TimeZone;
        var currency = patched.Budget.Currency;
        var rails = patched.Guardrails;
        return patched with
        {
            Name = parsed.GetValue(Name) ?? patched.Name,
            Start = parsed.GetValue(Start) is { } start ? CreateCommand.Day(start, 0, zone) : patched.Start,
            End = parsed.GetValue(End) is { } end ? CreateCommand.Day(end, 1, zone) : patched.End,
            TimeZone = zone,
            Budget = Amount(Budget, patched.Budget),
            RedemptionsMax = parsed.GetValue(Redemptions) is { } most
                ? most == 0 ? null : most
                : patched.RedemptionsMax,
            Approval = parsed.GetValue(Approval) ?? patched.Approval,
            Guardrails = rails with
            {
                Cap = Amount(Cap, rails.Cap),
                DepthMinBasisPoints = Depth(DepthMin, rails.DepthMinBasisPoints),
                DepthMaxBasisPoints = Depth(DepthMax, rails.DepthMaxBasisPoints),
                MinimumSpendMin = Amount(SpendMin, rails.MinimumSpendMin),
                MinimumSpendMax = Amount(SpendMax, rails.MinimumSpendMax),
            },
        };

        Money Amount(Option<string?> option, Money before) =>
            parsed.GetValue(option) is { } text ? Amounts.Money(text, currency) : before;

        int Depth(Option<int?> option, int before) =>
            parsed.GetValue(option) is { } percent ? 100 * Math.Clamp(percent, 0, 100) : before;
    }

    private static Campaign Patched(Campaign read, string patch)
    {
        var merged = MergePatch.Apply(
            JsonSerializer.SerializeToElement(read, WireJson.Options),
            Json(patch.TrimStart().StartsWith('{') ? patch : File.ReadAllText(patch)));
        try
        {
            return merged.Deserialize<Campaign>(WireJson.Options)!;
        }
        catch (WireException e)
        {
            throw new RefusedException(e.Code, $"The patch gives no campaign: {e.Path} {e.Detail}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            var place = (e as JsonException)?.Path is { Length: > 2 } path ? $"{path[2..]} is no field of it, or" : "";
            throw new RefusedException(
                RefusalCodes.InvalidValue, $"The patch gives no campaign: {place} a value of the wrong kind.");
        }
    }

    private static JsonElement Json(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new RefusedException(
                RefusalCodes.MalformedBody, "--patch is a JSON object, as '{\"caps\":{\"openPerUser\":2}}'.");
        }
    }
}
