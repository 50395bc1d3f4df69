using CouponGrains.Domain;
using CouponGrains.Domain.Access;

namespace CouponGrains.Contracts.Access;

[GenerateSerializer, Alias("cg.access-key")]
internal struct AccessKeyShape
{
    [Id(0)] public string Id;
    [Id(1)] public string Name;
    [Id(2)] public KeyKind Kind;
    [Id(3)] public IReadOnlyList<string> Scopes;
    [Id(4)] public UserId? User;
    [Id(5)] public IReadOnlyList<string> Origins;
    [Id(6)] public string Hash;
    [Id(7)] public string? PreviousHash;
    [Id(8)] public DateTimeOffset? PreviousUntil;
    [Id(9)] public DateTimeOffset At;
    [Id(10)] public DateTimeOffset? RotatedAt;
    [Id(11)] public DateTimeOffset? ExpiresAt;
    [Id(12)] public DateTimeOffset? RevokedAt;
}

[RegisterConverter, RegisterCopier]
internal sealed class AccessKeyConverter : Shaped<AccessKey, AccessKeyShape>
{
    public override AccessKeyShape ConvertToSurrogate(in AccessKey value) => new()
    {
        Id = value.Id,
        Name = value.Name,
        Kind = value.Kind,
        Scopes = value.Scopes,
        User = value.User,
        Origins = value.Origins,
        Hash = value.Hash,
        PreviousHash = value.PreviousHash,
        PreviousUntil = value.PreviousUntil,
        At = value.At,
        RotatedAt = value.RotatedAt,
        ExpiresAt = value.ExpiresAt,
        RevokedAt = value.RevokedAt,
    };

    public override AccessKey ConvertFromSurrogate(in AccessKeyShape shape) => new()
    {
        Id = shape.Id,
        Name = shape.Name,
        Kind = shape.Kind,
        Scopes = shape.Scopes,
        User = shape.User,
        Origins = shape.Origins,
        Hash = shape.Hash,
        PreviousHash = shape.PreviousHash,
        PreviousUntil = shape.PreviousUntil,
        At = shape.At,
        RotatedAt = shape.RotatedAt,
        ExpiresAt = shape.ExpiresAt,
        RevokedAt = shape.RevokedAt,
    };
}
