using System.Diagnostics.CodeAnalysis;
using CouponGrains.Domain;

namespace CouponGrains.Contracts;

/// <summary>What a grain answers to a request that may be refused: a value or a refusal, never both.</summary>
[GenerateSerializer, Immutable, Alias("cg.answer`1")]
public sealed record Answer<T>
    where T : class
{
    /// <summary>The value, or null if refused.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>Why it was refused, or null.</summary>
    [Id(1)]
    public Refusal? Refusal { get; init; }

    /// <summary>True if the caller's key was used for this before: the value is that of the first time.</summary>
    [Id(2)]
    public bool IsRepeat { get; init; }

    /// <summary>True if there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    /// <summary>A value.</summary>
    public static implicit operator Answer<T>(T value) => new() { Value = value };

    /// <summary>A refusal.</summary>
    public static implicit operator Answer<T>(Refusal refusal) => new() { Refusal = refusal };
}
