using CouponGrains.Domain.Campaigns;
using CsCheck;

namespace CouponGrains.Domain.Tests.Campaigns;

public sealed class BudgetShardsTests
{
    private static readonly Gen<Step[]> Steps = Gen
        .Select(Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, 400]).Select((kind, shard, minor) => new Step(kind, shard, minor))
        .Array[1, 300];

    [Fact]
    public void A_sharded_budget_gives_and_refuses_exactly_as_one_row_would() => Steps.Sample(steps =>
    {
        var counted = steps[0].Minor % 2 == 0 ? 40 : (int?)null;
        var (limit, used, uses) = (5_000L, 0L, new List<(int Shard, long Minor)>());
        var budget = BudgetShards.Open(limit, counted, 1 + steps[0].Shard);
        var now = Samples.Noon;
        foreach (var step in steps)
        {
            var mine = step.Shard % budget.Shards.Count;
            now += TimeSpan.FromSeconds(step.Minor % 20);
            switch (step.Kind)
            {
                case 0 when uses.Count > 0:
                    var (shard, minor) = uses[step.Minor % uses.Count];
                    uses.RemoveAt(step.Minor % uses.Count);
                    used -= minor;
                    budget = budget with
                    {
                        Shards = [.. budget.Shards.Select(s => s.Number == shard ? BudgetShards.GiveBack(s, minor) : s)],
                    };
                    break;
                case 1:
                    budget = BudgetShards.Gather(budget);
                    break;
                case 2:
                    var wanted = 4_000L + (step.Minor * 5);
                    Assert.Equal(used > wanted, BudgetShards.Resize(budget, wanted, counted) is null);
                    (limit, budget) = used > wanted ? (limit, budget)
                        : (wanted, BudgetShards.Resize(budget, wanted, counted)!);
                    break;
                default:
                    var taken = BudgetShards.Take(budget, mine, step.Minor, now);
                    Assert.Equal(step.Minor <= limit - used && (counted is null || uses.Count < counted), taken is not null);
                    if (taken is not null)
                    {
                        budget = taken;
                        used += step.Minor;
                        uses.Add((mine, step.Minor));
                    }

                    break;
            }

            Assert.Null(BudgetShards.Check(budget));
            Assert.Equal(used, budget.Shards.Sum(s => s.UsedMinor));
        }
    }, seed: "0N0XIzNsQ0O2", iter: 2_000);

    [Fact]
    public void Most_uses_touch_one_shard_alone_and_the_last_unit_is_given()
    {
        var budget = BudgetShards.Open(10_000, null, 8);
        var (given, alone) = (0, 0);
        while (BudgetShards.Take(budget, given % 8, 3, Samples.Noon) is { } next)
        {
            alone += budget.Pool == next.Pool && budget.Shards.Count(s => s != next.Shards[s.Number]) == 1 ? 1 : 0;
            (budget, given) = (next, given + 1);
        }

        Assert.Equal(3_333, given);
        Assert.InRange(alone, 3_200, given); // The others borrowed.
        Assert.Equal(1, BudgetShards.Gather(budget).Pool.FreeMinor);
        Assert.NotNull(BudgetShards.Take(budget, 5, 1, Samples.Noon));
    }

    [Fact]
    public void What_a_shard_does_not_use_is_recalled_from_the_one_whose_lease_ran_out_first()
    {
        BudgetShard Shard(int number, long granted, DateTimeOffset until) => new(number, granted, LeasedUntil: until);
        var budget = new ShardedBudget(new(300, null, 0, null),
            [Shard(0, 0, default), Shard(1, 150, Samples.Noon.AddSeconds(1)), Shard(2, 150, Samples.Noon)]);
        var taken = BudgetShards.Take(budget, 0, 100, Samples.Noon)!;
        Assert.Equal([100, 150, 50], taken.Shards.Select(s => s.GrantedMinor));
        Assert.Equal([100, 50, 0], BudgetShards.Take(budget with { Shards = [.. taken.Shards.Select(s => s with { UsedMinor = 0 })] },
            0, 250, Samples.Noon)!.Shards.Select(s => s.GrantedMinor - (s.Number == 0 ? 150 : 0)));
        Assert.Null(BudgetShards.Take(budget, 0, 301, Samples.Noon));
        Assert.NotNull(BudgetShards.Take(budget, 0, 300, Samples.Noon)); // A lease protects only while there is another way.
    }

    [Fact]
    public void A_campaign_with_limits_on_everybody_by_period_is_kept_on_one_row()
    {
        Assert.Equal(8, BudgetShards.CountFor(Samples.Campaign(), 8));
        Assert.Equal(8, BudgetShards.CountFor(Samples.Campaign() with { Limits = [new() { Per = LimitPer.User, Count = 1 }] }, 8));
        Assert.Equal(1, BudgetShards.CountFor(Samples.Campaign() with { Limits = [new() { Count = 1 }] }, 8));
    }

    private sealed record Step(int Kind, int Shard, int Minor);
}
