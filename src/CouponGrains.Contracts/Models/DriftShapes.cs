using CouponGrains.Domain;
using CouponGrains.Domain.Experiments;
using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Contracts.Models;

[GenerateSerializer, Alias("cg.feature-reference")]
internal struct FeatureReferenceShape
{
    [Id(0)] public string Name;
    [Id(1)] public IReadOnlyList<double> Edges;
    [Id(2)] public IReadOnlyList<double> Shares;
}

[RegisterConverter, RegisterCopier]
internal sealed class FeatureReferenceConverter : Shaped<FeatureReference, FeatureReferenceShape>
{
    public override FeatureReferenceShape ConvertToSurrogate(in FeatureReference value) => new()
    {
        Name = value.Name,
        Edges = value.Edges,
        Shares = value.Shares,
    };

    public override FeatureReference ConvertFromSurrogate(in FeatureReferenceShape shape) => new(
        shape.Name, shape.Edges, shape.Shares);
}

[GenerateSerializer, Alias("cg.feature-drift")]
internal struct FeatureDriftShape
{
    [Id(0)] public string Name;
    [Id(1)] public long Values;
    [Id(2)] public double? Index;
    [Id(3)] public DriftLevel Level;
}

[RegisterConverter, RegisterCopier]
internal sealed class FeatureDriftConverter : Shaped<FeatureDrift, FeatureDriftShape>
{
    public override FeatureDriftShape ConvertToSurrogate(in FeatureDrift value) => new()
    {
        Name = value.Name,
        Values = value.Values,
        Index = value.Index,
        Level = value.Level,
    };

    public override FeatureDrift ConvertFromSurrogate(in FeatureDriftShape shape) => new(
        shape.Name, shape.Values, shape.Index, shape.Level);
}

[GenerateSerializer, Alias("cg.calibration-bin")]
internal struct CalibrationBinShape
{
    [Id(0)] public long Issues;
    [Id(1)] public double Expected;
    [Id(2)] public long Observed;
}

[RegisterConverter]
internal sealed class CalibrationBinConverter : IConverter<CalibrationBin, CalibrationBinShape>
{
    public CalibrationBinShape ConvertToSurrogate(in CalibrationBin value) => new()
    {
        Issues = value.Issues,
        Expected = value.Expected,
        Observed = value.Observed,
    };

    public CalibrationBin ConvertFromSurrogate(in CalibrationBinShape shape) => new(
        shape.Issues, shape.Expected, shape.Observed);
}

[GenerateSerializer, Alias("cg.calibration")]
internal struct CalibrationShape
{
    [Id(0)] public IReadOnlyList<CalibrationBin> Bins;
}

[RegisterConverter, RegisterCopier]
internal sealed class CalibrationConverter : Shaped<Calibration, CalibrationShape>
{
    public override CalibrationShape ConvertToSurrogate(in Calibration value) => new()
    {
        Bins = value.Bins,
    };

    public override Calibration ConvertFromSurrogate(in CalibrationShape shape) => new(
        shape.Bins);
}

[GenerateSerializer, Alias("cg.policy-sums")]
internal struct PolicySumsShape
{
    [Id(0)] public long Choices;
    [Id(1)] public double Weights;
    [Id(2)] public double SquaredWeights;
    [Id(3)] public double Earned;
    [Id(4)] public double SquaredEarned;
    [Id(5)] public double Cross;
}

[RegisterConverter]
internal sealed class PolicySumsConverter : IConverter<PolicySums, PolicySumsShape>
{
    public PolicySumsShape ConvertToSurrogate(in PolicySums value) => new()
    {
        Choices = value.Choices,
        Weights = value.Weights,
        SquaredWeights = value.SquaredWeights,
        Earned = value.Earned,
        SquaredEarned = value.SquaredEarned,
        Cross = value.Cross,
    };

    public PolicySums ConvertFromSurrogate(in PolicySumsShape shape) => new(
        shape.Choices, shape.Weights, shape.SquaredWeights, shape.Earned, shape.SquaredEarned, shape.Cross);
}

[GenerateSerializer, Alias("cg.model-outcome")]
internal struct ModelOutcomeShape
{
    [Id(0)] public ModelVersion Model;
    [Id(1)] public long Issued;
    [Id(2)] public long Redeemed;
    [Id(3)] public long Explored;
    [Id(4)] public long ExploredRedeemed;
    [Id(5)] public PolicySums BestAlone;
}

[RegisterConverter, RegisterCopier]
internal sealed class ModelOutcomeConverter : Shaped<ModelOutcome, ModelOutcomeShape>
{
    public override ModelOutcomeShape ConvertToSurrogate(in ModelOutcome value) => new()
    {
        Model = value.Model,
        Issued = value.Issued,
        Redeemed = value.Redeemed,
        Explored = value.Explored,
        ExploredRedeemed = value.ExploredRedeemed,
        BestAlone = value.BestAlone,
    };

    public override ModelOutcome ConvertFromSurrogate(in ModelOutcomeShape shape) => new(
        shape.Model, shape.Issued, shape.Redeemed, shape.Explored, shape.ExploredRedeemed, shape.BestAlone);
}

[GenerateSerializer, Alias("cg.issue-day")]
internal struct IssueDayShape
{
    [Id(0)] public DateTimeOffset Day;
    [Id(1)] public long Issued;
    [Id(2)] public long Settled;
    [Id(3)] public Calibration Calibration;
    [Id(4)] public IReadOnlyList<ModelOutcome> Models;
}

[RegisterConverter, RegisterCopier]
internal sealed class IssueDayConverter : Shaped<IssueDay, IssueDayShape>
{
    public override IssueDayShape ConvertToSurrogate(in IssueDay value) => new()
    {
        Day = value.Day,
        Issued = value.Issued,
        Settled = value.Settled,
        Calibration = value.Calibration,
        Models = value.Models,
    };

    public override IssueDay ConvertFromSurrogate(in IssueDayShape shape) => new(
        shape.Day, shape.Issued, shape.Settled, shape.Calibration, shape.Models);
}

[GenerateSerializer, Alias("cg.drift-day")]
internal struct DriftDayShape
{
    [Id(0)] public DateTimeOffset Day;
    [Id(1)] public ModelVersion Model;
    [Id(2)] public long Events;
    [Id(3)] public IReadOnlyList<FeatureDrift> Features;
    [Id(4)] public Calibration Calibration;
    [Id(5)] public IReadOnlyList<ModelOutcome> Outcomes;
}

[RegisterConverter, RegisterCopier]
internal sealed class DriftDayConverter : Shaped<DriftDay, DriftDayShape>
{
    public override DriftDayShape ConvertToSurrogate(in DriftDay value) => new()
    {
        Day = value.Day,
        Model = value.Model,
        Events = value.Events,
        Features = value.Features,
        Calibration = value.Calibration,
        Outcomes = value.Outcomes,
    };

    public override DriftDay ConvertFromSurrogate(in DriftDayShape shape) => new(
        shape.Day, shape.Model, shape.Events, shape.Features, shape.Calibration, shape.Outcomes);
}
