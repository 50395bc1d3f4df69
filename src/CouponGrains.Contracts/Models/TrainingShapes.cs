using CouponGrains.Domain.Models;
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
    };

    public override TrainingOptions ConvertFromSurrogate(in TrainingOptionsShape shape) => new()
    {
        Rank = shape.Rank,
        Seed = shape.Seed,
        OfferEpochs = shape.OfferEpochs,
        Weights = shape.Weights,
        HoldOutShare = shape.HoldOutShare,
        Reason = shape.Reason,
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
