using CouponGrains.Domain;
using CouponGrains.Domain.Events;

namespace CouponGrains.Contracts.Events;

/// <summary>What became of one event of a batch.</summary>
/// <param name="Id">The event.</param>
/// <param name="Status">What became of it, or null if it was refused before the log.</param>
/// <param name="Refusal">Why it was refused, or null. A conflict has one too.</param>
[GenerateSerializer, Immutable, Alias("cg.record-answer")]
public sealed record RecordAnswer(
    [property: Id(0)] EventId Id, [property: Id(1)] AppendStatus? Status, [property: Id(2)] Refusal? Refusal);
