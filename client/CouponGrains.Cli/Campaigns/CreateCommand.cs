using System.Globalization;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign create</c>: a draft; <c>activate</c> lets it issue.</summary>
internal static class CreateCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "Its id" };
    private static readonly Option<string?> Name = new("--name") { Description = "A name for people (the id)" };
    private static readonly Option<string> Start = new("--start") { Description = "First day, yyyy-MM-dd, UTC", Required = true };
    private static readonly Option<string> End = new("--end") { Description = "Last day, yyyy-MM-dd, UTC", Required = true };
    private static readonly Option<string> Budget = new("--budget") { Description = "The most it may give in all, as in 5000", Required = true };
    private static readonly Option<string> CurrencyCode = new("--currency") { Description = "Of every amount", DefaultValueFactory = _ => "USD" };
    private static readonly Option<string> Cap = new("--cap") { Description = "The most one redemption may give", DefaultValueFactory = _ => "10" };
    private static readonly Option<int> DepthMin = new("--depth-min") { Description = "Smallest depth in percent", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> DepthMax = new("--depth-max") { Description = "Largest depth in percent", DefaultValueFactory = _ => 30 };
    private static readonly Option<string> SpendMin = new("--spend-min") { Description = "Smallest minimum spend", DefaultValueFactory = _ => "10" };
    private static readonly Option<string> SpendMax = new("--spend-max") { Description = "Largest minimum spend", DefaultValueFactory = _ => "100" };

    public static Command Build() => Verb.Online("create", "Create a campaign as a draft",
        [Id, Name, Start, End, Budget, CurrencyCode, Cap, DepthMin, DepthMax, SpendMin, SpendMax], Run);

    private static async Task Run(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var id = Ids.Campaign(parsed.GetValue(Id)!);
        var currency = Amounts.Currency(parsed.GetValue(CurrencyCode)!);
        Money Amount(Option<string> option) => Amounts.Money(parsed.GetValue(option)!, currency);
        var campaign = new Campaign
        {
            Id = id,
            Name = parsed.GetValue(Name) ?? id.Value,
            Start = Day(parsed.GetValue(Start)!),
            End = Day(parsed.GetValue(End)!).AddDays(1),
            Budget = Amount(Budget),
            Guardrails = new Guardrails
            {
                Cap = Amount(Cap),
                DepthMinBasisPoints = 100 * Math.Clamp(parsed.GetValue(DepthMin), 0, 100),
                DepthMaxBasisPoints = 100 * Math.Clamp(parsed.GetValue(DepthMax), 0, 100),
                MinimumSpendMin = Amount(SpendMin),
                MinimumSpendMax = Amount(SpendMax),
                AmountStep = Amounts.Money("1", currency),
            },
        };
        var answer = await client.GetGrain<ICampaignGrain>(id.Value).Put(campaign, cancel);
        var created = answer.Refusal?.Code == RefusalCodes.VersionConflict
            ? throw new RefusedException(RefusalCodes.AlreadyExists, $"There is a campaign {id} already.")
            : Screen.Take(answer);
        screen.Result(created, console => console.WriteLine(
            $"{CampaignCommand.Line(created)}; next: coupons campaign design {id}, then coupons campaign activate {id}"));
    }

    private static DateTimeOffset Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new(day, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new RefusedException(RefusalCodes.DateOutOfRange, $"A day is yyyy-MM-dd, as in 2026-11-24; '{text}' is not.");
}
