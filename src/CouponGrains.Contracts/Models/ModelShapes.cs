using CouponGrains.Domain;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Drift;

namespace CouponGrains.Contracts.Models;

[GenerateSerializer, Alias("cg.model-metrics")]
internal struct ModelMetricsShape
{
    [Id(0)] public double HitRate10;
    [Id(1)] public double Ndcg10;
    [Id(2)] public double PopularityHitRate10;
    [Id(3)] public double PopularityNdcg10;
    [Id(4)] public int Users;
    [Id(5)] public ResponseMetrics? Response;
}

[RegisterConverter, RegisterCopier]
internal sealed class ModelMetricsConverter : Shaped<ModelMetrics, ModelMetricsShape>
{
    public override ModelMetricsShape ConvertToSurrogate(in ModelMetrics value) => new()
    {
        HitRate10 = value.HitRate10,
        Ndcg10 = value.Ndcg10,
        PopularityHitRate10 = value.PopularityHitRate10,
        PopularityNdcg10 = value.PopularityNdcg10,
        Users = value.Users,
        Response = value.Response,
    };

    public override ModelMetrics ConvertFromSurrogate(in ModelMetricsShape shape) =>
        new(shape.HitRate10, shape.Ndcg10, shape.PopularityHitRate10, shape.PopularityNdcg10, shape.Users)
        {
            Response = shape.Response,
        };
}

[GenerateSerializer, Alias("cg.response-metrics")]
internal struct ResponseMetricsShape
{
    [Id(0)] public int Issues;
    [Id(1)] public double LogLoss;
    [Id(2)] public double Auc;
    [Id(3)] public double CalibrationError;
    [Id(4)] public double PriorLogLoss;
    [Id(5)] public double? CurrentLogLoss;
    [Id(6)] public double? CurrentAuc;
    [Id(7)] public IReadOnlyList<CalibrationBin>? Bins;
}

[RegisterConverter, RegisterCopier]
internal sealed class ResponseMetricsConverter : Shaped<ResponseMetrics, ResponseMetricsShape>
{
    public override ResponseMetricsShape ConvertToSurrogate(in ResponseMetrics value) => new()
    {
        Issues = value.Issues,
        LogLoss = value.LogLoss,
        Auc = value.Auc,
        CalibrationError = value.CalibrationError,
        PriorLogLoss = value.PriorLogLoss,
        CurrentLogLoss = value.CurrentLogLoss,
        CurrentAuc = value.CurrentAuc,
        Bins = value.Bins,
    };

    public override ResponseMetrics ConvertFromSurrogate(in ResponseMetricsShape shape) =>
        new(shape.Issues, shape.LogLoss, shape.Auc, shape.CalibrationError, shape.PriorLogLoss)
        {
            CurrentLogLoss = shape.CurrentLogLoss,
            CurrentAuc = shape.CurrentAuc,
            Bins = shape.Bins,
        };
}

[GenerateSerializer, Alias("cg.model-manifest")]
internal struct ModelManifestShape
{
    [Id(0)] public ModelVersion Version;
    [Id(1)] public string Sha256;
    [Id(2)] public long Length;
    [Id(3)] public DateTimeOffset CreatedAt;
    [Id(4)] public ModelMetrics Metrics;
    [Id(5)] public IReadOnlyDictionary<string, string> Training;
}

[RegisterConverter, RegisterCopier]
internal sealed class ModelManifestConverter : Shaped<ModelManifest, ModelManifestShape>
{
    public override ModelManifestShape ConvertToSurrogate(in ModelManifest value) => new()
    {
        Version = value.Version,
        Sha256 = value.Sha256,
        Length = value.Length,
        CreatedAt = value.CreatedAt,
        Metrics = value.Metrics,
        Training = value.Training,
    };

    public override ModelManifest ConvertFromSurrogate(in ModelManifestShape shape) => new()
    {
        Version = shape.Version,
        Sha256 = shape.Sha256,
        Length = shape.Length,
        CreatedAt = shape.CreatedAt,
        Metrics = shape.Metrics,
        Training = shape.Training,
    };
}

[GenerateSerializer, Alias("cg.model-promotion")]
internal struct ModelPromotionShape
{
    [Id(0)] public ModelVersion From;
    [Id(1)] public ModelVersion To;
    [Id(2)] public string Reason;
    [Id(3)] public DateTimeOffset At;
}

[RegisterConverter, RegisterCopier]
internal sealed class ModelPromotionConverter : Shaped<ModelPromotion, ModelPromotionShape>
{
    public override ModelPromotionShape ConvertToSurrogate(in ModelPromotion value) =>
        new() { From = value.From, To = value.To, Reason = value.Reason, At = value.At };

    public override ModelPromotion ConvertFromSurrogate(in ModelPromotionShape shape) =>
        new(shape.From, shape.To, shape.Reason, shape.At);
}
