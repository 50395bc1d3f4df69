using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Contracts.Models;

[GenerateSerializer, Alias("cg.training-options")]
internal struct TrainingOptionsShape
{
    [Id(0)] public int Rank;
    [Id(1)] public int Seed;
    [Id(2)] public int OfferEpochs;
    [Id(3)] public BehaviourWeights Weights;
    [Id(4)] public double HoldOutShare;
    [Id(5)] public string Reason;
    [Id(6)] public SpectralOptions? Spectral;
    [Id(7)] public bool Tune;
    [Id(8)] public ResponseEncoder ResponseEncoder;
}

[RegisterConverter, RegisterCopier]
internal sealed class TrainingOptionsConverter : Shaped<TrainingOptions, TrainingOptionsShape>
{
    public override TrainingOptionsShape ConvertToSurrogate(in TrainingOptions value) => new()
    {
        Rank = value.Rank,
        Seed = value.Seed,
        OfferEpochs = value.OfferEpochs,
        Weights = value.Weights,
        HoldOutShare = value.HoldOutShare,
        Reason = value.Reason,
        Spectral = value.Spectral,
        Tune = value.Tune,
        ResponseEncoder = value.ResponseEncoder,
    };

    public override TrainingOptions ConvertFromSurrogate(in TrainingOptionsShape shape) => new()
    {
        Rank = shape.Rank,
        Seed = shape.Seed,
        OfferEpochs = shape.OfferEpochs,
        Weights = shape.Weights,
        HoldOutShare = shape.HoldOutShare,
        Reason = shape.Reason,
        Spectral = shape.Spectral ?? SpectralOptions.Shop, // A client of before does not name it.
        Tune = shape.Tune,
        ResponseEncoder = shape.ResponseEncoder,
    };
}

[GenerateSerializer, Alias("cg.training-progress")]
internal struct TrainingProgressShape
{
    [Id(0)] public string Stage;
    [Id(1)] public double Share;
    [Id(2)] public string Message;
}

[RegisterConverter, RegisterCopier]
internal sealed class TrainingProgressConverter : Shaped<TrainingProgress, TrainingProgressShape>
{
    public override TrainingProgressShape ConvertToSurrogate(in TrainingProgress value) =>
        new() { Stage = value.Stage, Share = value.Share, Message = value.Message };

    public override TrainingProgress ConvertFromSurrogate(in TrainingProgressShape shape) =>
        new(shape.Stage, shape.Share, shape.Message);
}

[GenerateSerializer, Alias("cg.training-curve")]
internal struct TrainingCurveShape
{
    [Id(0)] public string Chart;
    [Id(1)] public string Series;
    [Id(2)] public IReadOnlyList<CurvePoint> Points;
}

[RegisterConverter, RegisterCopier]
internal sealed class TrainingCurveConverter : Shaped<TrainingCurve, TrainingCurveShape>
{
    public override TrainingCurveShape ConvertToSurrogate(in TrainingCurve value) =>
        new() { Chart = value.Chart, Series = value.Series, Points = value.Points };

    public override TrainingCurve ConvertFromSurrogate(in TrainingCurveShape shape) =>
        new(shape.Chart, shape.Series, shape.Points);
}

[GenerateSerializer, Alias("cg.curve-point")]
internal struct CurvePointShape
{
    [Id(0)] public int Step;
    [Id(1)] public double Value;
}

[RegisterConverter]
internal sealed class CurvePointConverter : IConverter<CurvePoint, CurvePointShape>
{
    public CurvePointShape ConvertToSurrogate(in CurvePoint value) => new() { Step = value.Step, Value = value.Value };

    public CurvePoint ConvertFromSurrogate(in CurvePointShape shape) => new(shape.Step, shape.Value);
}

[GenerateSerializer, Alias("cg.spectral-options")]
internal struct SpectralOptionsShape
{
    [Id(0)] public double UserExponent;
    [Id(1)] public double ItemExponent;
    [Id(2)] public int Rank;
    [Id(3)] public SpectralFilter Filter;
    [Id(4)] public double FilterShape;
    [Id(5)] public double LowPassWeight;
    [Id(6)] public double Lift;
    [Id(7)] public int Neighbours;
    [Id(8)] public double NeighbourPower;
    [Id(9)] public double Sharpening;
    [Id(10)] public double RepeatWeight;
}

[RegisterConverter, RegisterCopier]
internal sealed class SpectralOptionsConverter : Shaped<SpectralOptions, SpectralOptionsShape>
{
    public override SpectralOptionsShape ConvertToSurrogate(in SpectralOptions value) => new()
    {
        UserExponent = value.UserExponent,
        ItemExponent = value.ItemExponent,
        Rank = value.Rank,
        Filter = value.Filter,
        FilterShape = value.FilterShape,
        LowPassWeight = value.LowPassWeight,
        Lift = value.Lift,
        Neighbours = value.Neighbours,
        NeighbourPower = value.NeighbourPower,
        Sharpening = value.Sharpening,
        RepeatWeight = value.RepeatWeight,
    };

    public override SpectralOptions ConvertFromSurrogate(in SpectralOptionsShape shape) => new()
    {
        UserExponent = shape.UserExponent,
        ItemExponent = shape.ItemExponent,
        Rank = shape.Rank,
        Filter = shape.Filter,
        FilterShape = shape.FilterShape,
        LowPassWeight = shape.LowPassWeight,
        Lift = shape.Lift,
        Neighbours = shape.Neighbours,
        NeighbourPower = shape.NeighbourPower,
        Sharpening = shape.Sharpening,
        RepeatWeight = shape.RepeatWeight,
    };
}

[GenerateSerializer, Alias("cg.volume-trigger")]
internal struct VolumeTriggerShape
{
    [Id(0)] public long Events;
    [Id(1)] public long Outcomes;
}

[RegisterConverter, RegisterCopier]
internal sealed class VolumeTriggerConverter : Shaped<VolumeTrigger, VolumeTriggerShape>
{
    public override VolumeTriggerShape ConvertToSurrogate(in VolumeTrigger value) => new()
    {
        Events = value.Events,
        Outcomes = value.Outcomes,
    };

    public override VolumeTrigger ConvertFromSurrogate(in VolumeTriggerShape shape) => new(
        shape.Events, shape.Outcomes);
}

[GenerateSerializer, Alias("cg.new-volume")]
internal struct NewVolumeShape
{
    [Id(0)] public long Sequence;
    [Id(1)] public long Events;
    [Id(2)] public long Outcomes;
}

[RegisterConverter]
internal sealed class NewVolumeConverter : IConverter<NewVolume, NewVolumeShape>
{
    public NewVolumeShape ConvertToSurrogate(in NewVolume value) =>
        new() { Sequence = value.Sequence, Events = value.Events, Outcomes = value.Outcomes };

    public NewVolume ConvertFromSurrogate(in NewVolumeShape shape) => new(shape.Sequence, shape.Events, shape.Outcomes);
}
