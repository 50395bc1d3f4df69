using CouponGrains.Domain.Reports;

namespace CouponGrains.Contracts.Reports;

[GenerateSerializer, Alias("cg.budget-day")]
internal struct BudgetDayShape
{
    [Id(0)] public DateTimeOffset Day;
    [Id(1)] public long Redeemed;
    [Id(2)] public long SpentMinor;
    [Id(3)] public long ReservedMinor;
}

[RegisterConverter, RegisterCopier]
internal sealed class BudgetDayConverter : Shaped<BudgetDay, BudgetDayShape>
{
    public override BudgetDayShape ConvertToSurrogate(in BudgetDay value) => new()
    {
        Day = value.Day,
        Redeemed = value.Redeemed,
        SpentMinor = value.SpentMinor,
        ReservedMinor = value.ReservedMinor,
    };

    public override BudgetDay ConvertFromSurrogate(in BudgetDayShape shape) =>
        new(shape.Day, shape.Redeemed, shape.SpentMinor, shape.ReservedMinor);
}

[GenerateSerializer, Alias("cg.expected-spend")]
internal struct ExpectedSpendShape
{
    [Id(0)] public DateTimeOffset Day;
    [Id(1)] public long Minor;
    [Id(2)] public long LowMinor;
    [Id(3)] public long HighMinor;
}

[RegisterConverter, RegisterCopier]
internal sealed class ExpectedSpendConverter : Shaped<ExpectedSpend, ExpectedSpendShape>
{
    public override ExpectedSpendShape ConvertToSurrogate(in ExpectedSpend value) => new()
    {
        Day = value.Day,
        Minor = value.Minor,
        LowMinor = value.LowMinor,
        HighMinor = value.HighMinor,
    };

    public override ExpectedSpend ConvertFromSurrogate(in ExpectedSpendShape shape) =>
        new(shape.Day, shape.Minor, shape.LowMinor, shape.HighMinor);
}

[GenerateSerializer, Alias("cg.budget-forecast")]
internal struct BudgetForecastShape
{
    [Id(0)] public int Days;
    [Id(1)] public double DayMinor;
    [Id(2)] public double DeviationMinor;
    [Id(3)] public IReadOnlyList<ExpectedSpend> Expected;
    [Id(4)] public DateTimeOffset? ExhaustedOn;
}

[RegisterConverter, RegisterCopier]
internal sealed class BudgetForecastConverter : Shaped<BudgetForecast, BudgetForecastShape>
{
    public override BudgetForecastShape ConvertToSurrogate(in BudgetForecast value) => new()
    {
        Days = value.Days,
        DayMinor = value.DayMinor,
        DeviationMinor = value.DeviationMinor,
        Expected = value.Expected,
        ExhaustedOn = value.ExhaustedOn,
    };

    public override BudgetForecast ConvertFromSurrogate(in BudgetForecastShape shape) =>
        new(shape.Days, shape.DayMinor, shape.DeviationMinor, shape.Expected, shape.ExhaustedOn);
}
