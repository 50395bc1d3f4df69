using CouponGrains.Domain;
using CouponGrains.Domain.Experiments;

namespace CouponGrains.Contracts.Experiments;

[GenerateSerializer, Alias("cg.exposure")]
internal struct ExposureShape
{
    [Id(0)] public ModelVersion Model;
    [Id(1)] public int Position;
    [Id(2)] public DateTimeOffset At;
    [Id(3)] public double Score;
    [Id(4)] public double? RedemptionProbability;
}

[RegisterConverter, RegisterCopier]
internal sealed class ExposureConverter : Shaped<Exposure, ExposureShape>
{
    public override ExposureShape ConvertToSurrogate(in Exposure value) => new()
    {
        Model = value.Model,
        Position = value.Position,
        At = value.At,
        Score = value.Score,
        RedemptionProbability = value.RedemptionProbability,
    };

    public override Exposure ConvertFromSurrogate(in ExposureShape shape) =>
        new(shape.Model, shape.Position, shape.At, shape.Score, shape.RedemptionProbability);
}
