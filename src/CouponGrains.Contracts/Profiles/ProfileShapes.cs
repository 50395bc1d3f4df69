using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Contracts.Profiles;

[GenerateSerializer, Alias("cg.user-record")]
internal struct UserRecordShape
{
    [Id(0)] public UserId Id;
    [Id(1)] public IReadOnlyDictionary<string, string> Attributes;
    [Id(2)] public bool Consent;
}

[RegisterConverter, RegisterCopier]
internal sealed class UserRecordConverter : Shaped<UserRecord, UserRecordShape>
{
    public override UserRecordShape ConvertToSurrogate(in UserRecord value) =>
        new() { Id = value.Id, Attributes = value.Attributes, Consent = value.Consent };

    public override UserRecord ConvertFromSurrogate(in UserRecordShape shape) =>
        new() { Id = shape.Id, Attributes = shape.Attributes, Consent = shape.Consent };
}

[GenerateSerializer, Alias("cg.activity")]
internal struct ActivityShape
{
    [Id(0)] public long Count;
    [Id(1)] public DateTimeOffset LastAt;
}

[RegisterConverter, RegisterCopier]
internal sealed class ActivityConverter : Shaped<Activity, ActivityShape>
{
    public override ActivityShape ConvertToSurrogate(in Activity value) =>
        new() { Count = value.Count, LastAt = value.LastAt };

    public override Activity ConvertFromSurrogate(in ActivityShape shape) => new(shape.Count, shape.LastAt);
}

[GenerateSerializer, Alias("cg.behaviour-weights")]
internal struct BehaviourWeightsShape
{
    [Id(0)] public double View;
    [Id(1)] public double Cart;
    [Id(2)] public double Purchase;
    [Id(3)] public TimeSpan HalfLife;
    [Id(4)] public double? Refund;
}

[RegisterConverter, RegisterCopier]
internal sealed class BehaviourWeightsConverter : Shaped<BehaviourWeights, BehaviourWeightsShape>
{
    public override BehaviourWeightsShape ConvertToSurrogate(in BehaviourWeights value) => new()
    {
        View = value.View,
        Cart = value.Cart,
        Purchase = value.Purchase,
        HalfLife = value.HalfLife,
        Refund = value.Refund,
    };

    public override BehaviourWeights ConvertFromSurrogate(in BehaviourWeightsShape shape) => new()
    {
        View = shape.View,
        Cart = shape.Cart,
        Purchase = shape.Purchase,
        HalfLife = shape.HalfLife,

        // Profiles stored without it were made with a refund as minus a purchase.
        Refund = shape.Refund ?? shape.Purchase,
    };
}
