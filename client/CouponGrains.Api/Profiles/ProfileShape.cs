using System.Buffers.Binary;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Api.Profiles;

/// <summary>What a shop tells of a user; what is left out is emptied, for it is a PUT.</summary>
internal sealed record UserDescription(IReadOnlyDictionary<string, string>? Attributes = null, bool? Consent = null);

/// <summary>A profile on the wire.</summary>
internal sealed record ProfileShape
{
    public required UserId Id { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public required bool Consent { get; init; }

    public required IReadOnlyDictionary<EventKind, Activity> Kinds { get; init; }

    public required IReadOnlyDictionary<string, Activity> Categories { get; init; }

    public required IReadOnlyList<Money> Spent { get; init; }

    public required TimeSpan Dwell { get; init; }

    public required int Orders { get; init; }

    /// <summary>Newest first: what people look for stands on top.</summary>
    public required IReadOnlyList<UserEvent> Recent { get; init; }

    public required IReadOnlyList<float> Taste { get; init; }

    public required ModelVersion Model { get; init; }

    public static ProfileShape Of(UserView view) => new()
    {
        Id = view.Record.Id,
        Attributes = view.Record.Attributes,
        Consent = view.Record.Consent,
        Kinds = view.Kinds,
        Categories = view.Categories,
        Spent = view.Spent,
        Dwell = view.Dwell,
        Orders = view.Orders,
        Recent = [.. view.Recent.Reverse()],
        Taste = Vectors.Of(view.Taste),
        Model = view.Model,
    };
}

/// <summary>Vectors travel between silos as bytes and to people as numbers.</summary>
internal static class Vectors
{
    /// <summary>Little-endian 32-bit floats as numbers.</summary>
    public static float[] Of(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }
}
