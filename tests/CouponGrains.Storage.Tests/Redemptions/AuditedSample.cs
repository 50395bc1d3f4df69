using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>The store that the audits of both kinds of store check.</summary>
internal static class AuditedSample
{
    /// <summary>Makes the campaign's limit of two uses a day a limit of one.</summary>
    public const string LowerLimit = """UPDATE campaigns SET data = replace(data, '"count":2', '"count":1')""";

    /// <summary>One coupon used, one reserved, one open, under a limit that this reaches.</summary>
    public static async Task Fill(ICampaignStore campaigns, ILedger ledger)
    {
        await campaigns.Put(Samples.Campaign() with { Limits = [new() { Count = 2 }] }, default);
        await campaigns.AddOffers([Samples.Offer()], default);
        var now = Samples.Start;
        var used = (await ledger.Issue(Samples.Issue("k1"), now, default)).Coupon!;
        var reserved = (await ledger.Issue(Samples.Issue("k2"), now, default)).Coupon!;
        await ledger.Issue(Samples.Issue("k3"), now, default);
        await ledger.Redeem(Samples.Redeem("r1", used), now, default);
        await ledger.Reserve(new(Samples.Redeem("r2", reserved), TimeSpan.FromHours(1)), now, default);
    }
}
