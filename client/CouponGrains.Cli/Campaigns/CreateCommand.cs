using System.Globalization;
using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Cli.Campaigns;

/// <summary><c>coupons campaign create</c>: a draft; <c>activate</c> lets it issue.</summary>
internal static class CreateCommand
{
    private static readonly Argument<string> Id = new("CAMPAIGN") { Description = "Its id" };
    private static readonly Option<string?> Name = new("--name") { Description = "A name for people (the id)" };
    private static readonly Option<string?> Template = new("--template")
    {
        Description = "Make it from a template, with its offers; `coupons campaign templates` lists them",
    };

    private static readonly Option<string?> Start = new("--start") { Description = "First day of its time zone, yyyy-MM-dd" };
    private static readonly Option<string?> End = new("--end") { Description = "Last day of its time zone, yyyy-MM-dd" };
    private static readonly Option<string?> Budget =
        new("--budget") { Description = "The most it may give in all, as in 5000" };
    private static readonly Option<string> Zone = new("--time-zone")
    {
        Description = "IANA name of its time zone", DefaultValueFactory = _ => "UTC",
    };

    private static readonly Option<string> CurrencyCode = new("--currency") { Description = "Of every amount", DefaultValueFactory = _ => "USD" };
    private static readonly Option<string> Cap = new("--cap") { Description = "The most one redemption may give", DefaultValueFactory = _ => "10" };
    private static readonly Option<int> DepthMin = new("--depth-min") { Description = "Smallest depth in percent", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> DepthMax = new("--depth-max") { Description = "Largest depth in percent", DefaultValueFactory = _ => 30 };
    private static readonly Option<string> SpendMin = new("--spend-min") { Description = "Smallest minimum spend", DefaultValueFactory = _ => "10" };
    private static readonly Option<string> SpendMax = new("--spend-max") { Description = "Largest minimum spend", DefaultValueFactory = _ => "100" };

    private static readonly Option<OfferApproval> Approval = new("--approval")
    {
        Description = "What becomes of designed offers: automatic, or held for review",
        DefaultValueFactory = _ => OfferApproval.Automatic,
    };

    public static Command Build()
    {
        Template.CompletionSources.Add([.. CampaignTemplates.All.Select(template => template.Name)]);
        var command = Verb.Online("create", "Create a campaign as a draft",
            [Id, Template, Name, Start, End, Zone, Budget, CurrencyCode, Cap, DepthMin, DepthMax, SpendMin,
                SpendMax, Approval], Run);
        command.Validators.Add(result =>
        {
            foreach (var option in new[] { Start, End, Budget }.Where(o => result.GetResult(o) is null))
            {
                if (result.GetResult(Template) is null)
                {
                    result.AddError($"Option '{option.Name}' is required without --template.");
                }
            }

            foreach (var option in new Option[] { Cap, DepthMin, DepthMax, SpendMin, SpendMax, Approval })
            {
                if (result.GetResult(Template) is not null && result.GetResult(option) is { Implicit: false })
                {
                    result.AddError($"A template has its own {option.Name}.");
                }
            }
        });
        return command;
    }

    private static Task Run(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        parsed.GetValue(Template) is { } template
            ? FromTemplate(template, parsed, client, screen, cancel)
            : FromOptions(parsed, client, screen, cancel);

    private static async Task FromTemplate(
        string template, ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var currency = Amounts.Currency(parsed.GetValue(CurrencyCode)!);
        var order = new TemplateOrder
        {
            Template = template,
            Id = Ids.Campaign(parsed.GetValue(Id)!),
            Name = parsed.GetValue(Name),
            Start = parsed.GetValue(Start) is { } start ? Day(start, 0, parsed.GetValue(Zone)!) : null,
            End = parsed.GetValue(End) is { } end ? Day(end, 1, parsed.GetValue(Zone)!) : null,
            TimeZone = parsed.GetValue(Zone)!,
            Budget = parsed.GetValue(Budget) is { } budget
                ? Amounts.Money(budget, currency)
                : new(1_000 * CampaignTemplates.Unit(currency).Minor, currency),
        };
        var created = await client.Create(order, cancel);
        screen.Result(created, console => console.WriteLine(
            $"{CampaignCommand.Line(created)}; next: coupons campaign show {created.Id}, then "
            + $"coupons campaign activate {created.Id}"));
    }

    private static async Task FromOptions(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var id = Ids.Campaign(parsed.GetValue(Id)!);
        var currency = Amounts.Currency(parsed.GetValue(CurrencyCode)!);
        Money Amount(Option<string> option) => Amounts.Money(parsed.GetValue(option)!, currency);
        var campaign = new Campaign
        {
            Id = id,
            Name = parsed.GetValue(Name) ?? id.Value,
            Start = Day(parsed.GetValue(Start)!, 0, parsed.GetValue(Zone)!),
            End = Day(parsed.GetValue(End)!, 1, parsed.GetValue(Zone)!),
            TimeZone = parsed.GetValue(Zone)!,
            Budget = Amounts.Money(parsed.GetValue(Budget)!, currency),
            Approval = parsed.GetValue(Approval),
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
        var created = await Create(client, campaign, cancel);
        screen.Result(created, console => console.WriteLine(
            $"{CampaignCommand.Line(created)}; next: coupons campaign design {id}, then coupons campaign activate {id}"));
    }

    private static async Task<Campaign> Create(ICouponsClient client, Campaign campaign, CancellationToken cancel)
    {
        try
        {
            return await client.Create(campaign, cancel);
        }
        catch (CouponsException e) when (e.Code == RefusalCodes.VersionConflict)
        {
            throw new RefusedException(RefusalCodes.AlreadyExists, $"There is a campaign {campaign.Id} already.");
        }
    }

    /// <summary>The beginning of a day, or of one of those after it, on the wall clock of a zone.</summary>
    internal static DateTimeOffset Day(string text, int after, string zone)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new RefusedException(
                RefusalCodes.DateOutOfRange, $"A day is yyyy-MM-dd, as in 2026-11-24; '{text}' is not.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            throw new RefusedException(
                RefusalCodes.InvalidValue, $"There is no time zone '{zone}' here; they are named as in Asia/Shanghai.");
        }

        var midnight = day.AddDays(after).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, found.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
