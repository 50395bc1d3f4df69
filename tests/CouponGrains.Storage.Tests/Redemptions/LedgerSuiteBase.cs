using System.Text.Json;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;

namespace CouponGrains.Storage.Tests.Redemptions;

/// <summary>The steps that the ledger's suites share.</summary>
public abstract class LedgerSuiteBase<TStore> : StoreSuite<TStore>
    where TStore : StoreUnderTest, new()
{
    private protected ILedger Ledger => Store.Ledger;

    private protected DateTimeOffset Now => Store.Now;

    private protected async Task Campaign(Campaign? campaign = null)
    {
        campaign ??= Samples.Campaign();
        Assert.True(await Store.Campaigns.Put(campaign, default));
        await Store.Campaigns.AddOffers([Samples.Offer()], default);
    }

    private protected static Campaign WithFloor(int basisPoints)
    {
        var campaign = Samples.Campaign();
        return campaign with { Guardrails = campaign.Guardrails with { MarginFloorBasisPoints = basisPoints } };
    }

    private protected async Task<Coupon> Issue(string key, string user = "u1", string offer = "five-off") =>
        (await Ledger.Issue(Samples.Issue(key, user, offer), Now, default)).Coupon
        ?? throw new InvalidOperationException("The coupon was refused.");

    private protected async Task<BudgetUse> Budget() => (await Ledger.Budget(new("spring"), default))!;

    private protected async Task<IEnumerable<UserEvent>> EventsOf(string user) =>
        (await Store.Events.ReadUser(new(user), 0, 1_000, default)).Select(r => r.Event);

    /// <summary>Fails where a balance of the store does not hold.</summary>
    private protected async Task RequireAudit()
    {
        var audit = await Ledger.Audit(default);
        Assert.NotEmpty(audit.Identities);
        Assert.All(audit.Identities, identity => Assert.Equal([], identity.Broken));
    }

    private protected static string Text(RedemptionAnswer answer) => JsonSerializer.Serialize(answer);
}
