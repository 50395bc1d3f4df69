using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class ModelGateTests
{
    private static readonly ModelMetrics Current = new(0.40, 0.20, 0.20, 0.10, 500);

    [Fact]
    public void The_first_model_passes() => Assert.Null(ModelGate.Check(Current with { Users = 0 }, null));

    [Fact]
    public void A_model_a_little_worse_passes() =>
        Assert.Null(ModelGate.Check(Current with { Ndcg10 = 0.1901, HitRate10 = 0.3801 }, Current));

    [Fact]
    public void A_model_clearly_worse_is_held_back()
    {
        Assert.Equal(RefusalCodes.GateFailed, ModelGate.Check(Current with { Ndcg10 = 0.1899 }, Current)?.Code);
        Assert.Equal(RefusalCodes.GateFailed, ModelGate.Check(Current with { HitRate10 = 0.3799 }, Current)?.Code);
    }

    [Fact]
    public void On_a_harder_part_of_the_log_the_bar_is_lower_and_on_an_easier_one_it_is_not_higher()
    {
        var harder = new ModelMetrics(0.20, 0.10, 0.10, 0.05, 500);
        Assert.Null(ModelGate.Check(harder, Current));
        Assert.Null(ModelGate.Check(Current with { PopularityNdcg10 = 0.19, PopularityHitRate10 = 0.39 }, Current));
    }

    [Fact]
    public void A_model_measured_on_nobody_does_not_replace_a_measured_one() =>
        Assert.Equal(RefusalCodes.GateFailed, ModelGate.Check(new(0, 0, 0, 0, 0), Current)?.Code);

    [Fact]
    public void A_response_model_is_held_against_base_rates_and_the_one_in_force_on_the_same_issues()
    {
        var good = new ResponseMetrics(500, 0.30, 0.75, 0.01, 0.35) { CurrentLogLoss = 0.31, CurrentAuc = 0.74 };
        Assert.Null(Gate(good));
        Assert.Null(Gate(good with { CurrentLogLoss = null, CurrentAuc = null }));
        Assert.Equal(RefusalCodes.GateFailed, Gate(good with { PriorLogLoss = 0.28 }));
        Assert.Equal(RefusalCodes.GateFailed, Gate(good with { CurrentLogLoss = 0.28 }));
        Assert.Equal(RefusalCodes.GateFailed, Gate(good with { CurrentAuc = 0.78 }));
        Assert.Equal(RefusalCodes.GateFailed, Gate(good with { LogLoss = double.NaN }));
        Assert.Null(Gate(good with { Issues = ModelGate.IssuesMin - 1, PriorLogLoss = 0.28 }));

        static string? Gate(ResponseMetrics response) =>
            ModelGate.Check(Current with { Response = response }, Current)?.Code;
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Metrics_that_are_no_shares_are_held_back(double ndcg) =>
        Assert.Equal(RefusalCodes.GateFailed, ModelGate.Check(Current with { Ndcg10 = ndcg }, null)?.Code);
}
