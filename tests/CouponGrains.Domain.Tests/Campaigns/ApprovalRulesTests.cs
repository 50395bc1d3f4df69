using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CsCheck;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class ApprovalRulesTests
{
    private const string Seed = "0N0XIzNsQ0O2";
    private static readonly Currency Euro = new("EUR");
    private static readonly Money[] Above = [new(100, Samples.Usd)];

    private static readonly Gen<Campaign> Campaigns = Gen.Select(
        Gen.Int[1, 4], Gen.Long[95, 105], Gen.Bool, (status, budget, euro) => Samples.Campaign() with
        {
            Status = (CampaignStatus)status, Budget = new(budget, euro ? Euro : Samples.Usd),
        });

    [Fact]
    public void Approval_is_needed_exactly_where_more_than_the_threshold_comes_into_force() =>
        Gen.Select(Campaigns, Campaigns).Sample((before, after) =>
        {
            var above = after.Budget.Currency == Samples.Usd && after.Budget.Minor > 100;
            var spends = after.Status == CampaignStatus.Active;
            var didSpend = before.Status == CampaignStatus.Active && before.Budget.Currency == after.Budget.Currency
                && before.Budget.Minor >= after.Budget.Minor;
            Assert.Equal(above && spends && !didSpend, ApprovalRules.IsNeeded(before, after, Above));
            Assert.Equal(above && spends, ApprovalRules.IsNeeded(null, after, Above));
            Assert.False(ApprovalRules.IsNeeded(before, after, []));
        }, seed: Seed, iter: 2_000);

    [Fact]
    public void Only_another_person_decides_and_only_what_waits()
    {
        var (ann, bob) = (new Actor(ActorKind.Key, "ann"), new Actor(ActorKind.Operator, "ann"));
        var asked = new CampaignApproval
        {
            Number = 1, Wanted = Samples.Campaign(), AskedBy = ann, AskedAt = DateTimeOffset.UnixEpoch,
        };
        Assert.Equal(RefusalCodes.ApprovalBySame, ApprovalRules.Check(asked, new(ActorKind.Key, "ann"), "")?.Code);
        Assert.Null(ApprovalRules.Check(asked, bob, "fine"));
        Assert.Equal("/note", ApprovalRules.Check(asked, bob, new('x', 1_001))?.Pointer);
        Assert.All(Enum.GetValues<ApprovalStatus>().Where(s => s != ApprovalStatus.Waiting), status => Assert.Equal(
            RefusalCodes.ApprovalDecided, ApprovalRules.Check(asked with { Status = status }, bob, "")?.Code));
    }
}
