using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class CampaignRulesTests
{
    [Fact]
    public void A_sound_campaign_is_accepted() => Assert.Null(CampaignRules.Check(Samples.Campaign()));

    [Fact]
    public void An_unsound_campaign_is_refused_by_name()
    {
        var good = Samples.Campaign();
        Refused(RefusalCodes.InvalidValue, "/name", good with { Name = "" });
        Refused(RefusalCodes.InvalidValue, "/revision", good with { Revision = 0 });
        Refused(RefusalCodes.InvalidValue, "/end", good with { End = good.Start });
        Refused(RefusalCodes.InvalidValue, "/timeZone", good with { TimeZone = "Mars/Olympus" });
        Refused(RefusalCodes.InvalidValue, "/timeZone", good with { TimeZone = "../../etc/localtime" });
        Refused(RefusalCodes.InvalidValue, "/budget", good with { Budget = Samples.Dollars(-1) });
        Refused(RefusalCodes.CurrencyMismatch, "/budget", good with { Budget = new(1, new("EUR")) });
        Refused(RefusalCodes.InvalidValue, "/caps", good with { Caps = new() { OpenPerUser = -1 } });
        Refused(RefusalCodes.InvalidValue, "/caps", good with { RedemptionsMax = -1 });
        Refused(RefusalCodes.InvalidValue, "/audience/ordersMin",
            good with { Audience = new() { OrdersMin = 3, OrdersMax = 2 } });
        Refused(RefusalCodes.InvalidValue, "/audience/attributes", good with { Audience = Where("age") });
        Refused(RefusalCodes.InvalidValue, "/ranking/affinity",
            good with { Ranking = new() { Affinity = (Affinity)9 } });
        Refused(RefusalCodes.InvalidValue, "/ranking/diversity",
            good with { Ranking = new() { Diversity = double.NaN } });
        Refused(RefusalCodes.InvalidValue, "/ranking/exploration", good with { Ranking = new() { Exploration = 0.6 } });
        Refused(RefusalCodes.NothingAllowed, "/guardrails/kinds",
            Samples.Campaign(Samples.Guardrails() with { Kinds = [] }));
    }

    [Fact]
    public void Times_that_never_meet_the_window_are_refused_of_an_offer_and_of_the_campaign_itself()
    {
        // Sunday noon for two days, in a zone that has Monday already: of the week Monday and Tuesday alone.
        var campaign = Samples.Campaign() with
        {
            Start = Samples.Noon, End = Samples.Noon.AddDays(1), TimeZone = "Pacific/Auckland",
        };
        Refused("/times", new() { End = Samples.Noon });
        Refused("/times", new() { Start = Samples.Noon.AddDays(1) });
        Refused("/times", new() { Weekdays = [DayOfWeek.Sunday] });
        Refused("/times", new() { From = new(0, 30), Until = new(1, 0), Weekdays = [DayOfWeek.Monday] });
        Refused(null, new() { From = new(0, 30), Until = new(1, 30), Weekdays = [DayOfWeek.Monday] });
        Refused(null, new() { Weekdays = [DayOfWeek.Tuesday] });
        Refused(null, null);
        var sundays = campaign with
        {
            Guardrails = campaign.Guardrails with { Times = new() { Weekdays = [DayOfWeek.Sunday] } },
        };
        CampaignRulesTests.Refused(RefusalCodes.NothingAllowed, "/guardrails/times", sundays);

        void Refused(string? pointer, OfferTimes? times)
        {
            var refusal = CampaignRules.Check(
                campaign, Samples.Percent(1_000) with { Times = times }, CatalogIndex.Empty);
            Assert.Equal((pointer is null ? null : RefusalCodes.OfferOutsideGuardrails, pointer),
                (refusal?.Code, refusal?.Pointer));
        }
    }

    [Fact]
    public void A_change_that_does_not_allow_offers_in_force_is_refused_and_names_them()
    {
        var before = Samples.Campaign();
        Offer[] offers =
        [
            Samples.Percent(1_000, id: "ten"), Samples.Percent(2_000, id: "twenty"), Samples.Percent(2_500, id: "more"),
            Samples.Percent(1_000, id: "friday") with { Times = new() { Weekdays = [DayOfWeek.Friday] } },
            Samples.Percent(9_000, id: "never allowed"),
        ];
        var shallow = Change(before.Guardrails with { DepthMaxBasisPoints = 1_500 });
        Assert.Equal((RefusalCodes.OffersInForce, "/guardrails"), (shallow?.Code, shallow?.Pointer));
        Assert.Contains("first: twenty, more. Of twenty: The depth is", shallow!.Detail, StringComparison.Ordinal);
        Assert.Contains("first: ten, twenty, more, friday. ",
            Change(before.Guardrails with { WholeCart = false })!.Detail, StringComparison.Ordinal);
        Assert.Contains("first: more. ",
            Change(before.Guardrails with { MarginFloorBasisPoints = 1_000 })!.Detail, StringComparison.Ordinal);
        Assert.Contains("first: friday. ", CampaignRules.CheckChange(
            before, before with { End = before.Start.AddHours(6) }, offers, CatalogIndex.Empty)!.Detail,
            StringComparison.Ordinal);
        Assert.Null(Change(before.Guardrails with { DepthMaxBasisPoints = 4_000 }));
        Assert.Null(Change(before.Guardrails with { Kinds = [.. before.Guardrails.Kinds] }));
        Assert.Null(CampaignRules.CheckChange(before, before with { Name = "x" }, offers, CatalogIndex.Empty));
        var many = Enumerable.Range(0, 15).Select(i => Samples.Percent(2_000, id: $"o{i:D2}")).ToArray();
        Assert.Contains("o09 and 5 more. ", CampaignRules.CheckChange(
            before, Samples.Campaign(before.Guardrails with { DepthMaxBasisPoints = 1_500 }), many,
            CatalogIndex.Empty)!.Detail, StringComparison.Ordinal);

        Refusal? Change(Guardrails guardrails) => CampaignRules.CheckChange(
            before, before with { Guardrails = guardrails }, offers, CatalogIndex.Empty);
    }

    [Fact]
    public void Everybody_is_in_an_empty_audience() => Assert.True(CampaignRules.Addresses(new(), Samples.Profile()));

    [Fact]
    public void Every_condition_of_an_audience_must_hold()
    {
        var profile = Samples.Profile();
        profile.Record = profile.Record with { Attributes = new Dictionary<string, string> { ["age"] = "35-44" } };
        profile.Apply(Samples.Event(1, EventKind.Purchase, 1), null);

        Assert.True(CampaignRules.Addresses(
            Where("age", "25-34", "35-44") with { OrdersMin = 1, OrdersMax = 1 }, profile));
        Assert.False(CampaignRules.Addresses(Where("age", "25-34"), profile));
        Assert.False(CampaignRules.Addresses(Where("income", "high"), profile));
        Assert.False(CampaignRules.Addresses(new() { OrdersMin = 2 }, profile));
        Assert.False(CampaignRules.Addresses(new() { OrdersMax = 0 }, profile));
    }

    private static Audience Where(string name, params string[] values) =>
        new() { Attributes = new Dictionary<string, IReadOnlyList<string>> { [name] = values } };

    private static void Refused(string code, string pointer, Campaign campaign)
    {
        var refusal = CampaignRules.Check(campaign);
        Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
    }
}
