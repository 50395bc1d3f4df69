using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
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
