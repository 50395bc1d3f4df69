using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Webhooks;
using CsCheck;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class BudgetShardsTests
{
    private const int Holders = 4;
    private const int PerDay = 2_500;

    private static readonly Gen<Step[]> Steps = Gen
        .Select(Gen.Int[0, 11], Gen.Int[0, Holders - 1], Gen.Int[0, 900]).Select((kind, who, size) => new Step(kind, who, size))
        .Array[1, 200];

    /// <summary>Holders take from their leases, or end them all and share the rest, as a store does; beside them stands
    /// one plain count of what is used.</summary>
    [Fact]
    public void Leases_give_and_refuse_exactly_as_one_row_would_and_no_threshold_is_passed_unseen() => Steps.Sample(steps =>
    {
        var campaign = Hot(redemptionsMax: steps[0].Size % 2 == 0 ? 8_000 : null);
        var (spent, uses, today, day, told) = (0L, 0L, 0L, 100, 0);
        var leases = new Dictionary<int, BudgetLease>();
        foreach (var step in steps)
        {
            var (minor, count) = (step.Size * 100L, (long)step.Size);
            switch (step.Kind)
            {
                case 0:
                    (day, today) = (day + 1, 0);
                    break;
                case 1 when count <= today: // Given back on its day: to nobody's lease.
                    (spent, uses, today) = (spent - minor, uses - count, today - count);
                    break;
                default:
                    var fits = spent + minor <= campaign.Budget.Minor && !(uses + count > campaign.RedemptionsMax)
                        && today + count <= PerDay;
                    var own = leases.GetValueOrDefault(step.Who)?.Take(day, minor, count);
                    Assert.True(own is null || fits, "A lease gave what one row would have refused.");
                    (spent, uses, today) = fits ? (spent + minor, uses + count, today + count) : (spent, uses, today);
                    if (own is not null)
                    {
                        leases[step.Who] = own;
                        Assert.Null(OutboxMessages.Reached(Use(campaign, spent, uses), told));
                        break;
                    }

                    told = OutboxMessages.Reached(Use(campaign, spent, uses), told) ?? told;
                    var room = BudgetShards.RoomOf(campaign, Use(campaign, spent, uses), told, _ => new(today, 0));
                    var lease = BudgetShards.Share(campaign, room, day, Holders, new(minor, count));
                    leases = lease is null ? []
                        : Enumerable.Range(0, Holders).ToDictionary(holder => holder, _ => lease);
                    break;
            }

            Assert.True(spent + leases.Values.Sum(l => l.Room.Minor) <= campaign.Budget.Minor);
            Assert.True(campaign.RedemptionsMax is null
                || uses + leases.Values.Sum(l => l.Room.Uses) <= campaign.RedemptionsMax);
        }
    }, seed: "0N0XIzNsQ0O2", iter: 2_000);

    [Fact]
    public void Small_campaigns_and_the_rest_of_large_ones_stay_on_one_row()
    {
        var campaign = Hot(redemptionsMax: 10_000);
        var room = new BudgetRoom(campaign.Budget.Minor, 10_000);
        Assert.Equal(10_000 / 6, BudgetShards.Share(campaign, room, 1, 3, default)!.Room.Uses);
        Assert.Null(BudgetShards.Share(campaign, room with { Uses = 6 * BudgetShards.UsesMin - 1 }, 1, 3, default));
        Assert.Null(BudgetShards.Share(
            campaign, room with { Minor = 6 * BudgetShards.CapsMin * campaign.Guardrails.Cap.Minor - 1 }, 1, 3, default));
        Assert.Null(BudgetShards.Share(campaign, room, 1, 3, new(0, 834))); // Not two batches.
    }

    [Fact]
    public void A_lease_is_for_one_day_only_where_a_limit_has_a_period()
    {
        var room = new BudgetRoom(1_000_000, null);
        var byDay = BudgetShards.Share(Hot(null), room, 7, 1, default)!;
        Assert.Null(byDay.Take(8, 1, 1));
        Assert.Equal(499_999, byDay.Take(7, 1, 1)!.Room.Minor);
        Assert.Same(byDay, byDay.Take(8, 0, 0));
        var always = BudgetShards.Share(Hot(null) with { Limits = [new() { Period = LimitPeriod.Campaign, Count = 9 }] }, room, 7, 1, default)!;
        Assert.NotNull(always.Take(8, 1, 1));
    }

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(999, 50)]
    [InlineData(3, 80)]
    [InlineData(1, 0)]
    public void The_next_threshold_is_the_least_that_reaches_it(long limit, int told)
    {
        var campaign = Hot(null) with { Budget = new(limit, Samples.Usd) };
        var next = OutboxMessages.NextThreshold(campaign.Budget, told)!.Value;
        Assert.NotNull(OutboxMessages.Reached(Use(campaign, next, 0), told));
        Assert.Null(OutboxMessages.Reached(Use(campaign, next - 1, 0), told));
        Assert.Null(OutboxMessages.NextThreshold(campaign.Budget, 100));
        Assert.Null(OutboxMessages.NextThreshold(new(0, Samples.Usd), told));
    }

    private static Campaign Hot(int? redemptionsMax) => Samples.Campaign() with
    {
        Budget = new(1_000_000, Samples.Usd),
        RedemptionsMax = redemptionsMax,
        Limits = [new() { Count = PerDay }],
        Guardrails = Samples.Campaign().Guardrails with { Cap = new(500, Samples.Usd) },
    };

    private static BudgetUse Use(Campaign campaign, long spent, long uses) =>
        new(campaign.Budget, new(spent, campaign.Budget.Currency), uses, uses);

    private sealed record Step(int Kind, int Who, int Size);
}
