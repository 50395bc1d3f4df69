using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Client.Http;

// The answers of the API that it tells in words of its own and not in nouns of the domain.

internal sealed record EntryFault(string Code, string Detail, string? Pointer = null);

internal sealed record EventResult(int Index, string Status, IReadOnlyList<EntryFault>? Errors = null)
{
    /// <summary>What became of it in the log; null if it did not come that far.</summary>
    public AppendStatus? Recorded => Status == "refused" ? null : Snake.Parse<AppendStatus>(Status);

    public Refusal? Refusal => Faults.First(Errors);
}

internal sealed record EventBatchAnswer(IReadOnlyList<EventResult> Results);

internal sealed record BatchResult(int Index, IReadOnlyList<EntryFault>? Errors = null)
{
    public Refusal? Refusal => Faults.First(Errors);
}

internal sealed record BatchAnswer(IReadOnlyList<BatchResult> Results);

internal sealed record Validation(bool Valid, string? Reason = null, Discount? Discount = null);

internal sealed record InForce(ModelVersion Current);

internal static class Faults
{
    public static Refusal? First(IReadOnlyList<EntryFault>? errors) =>
        errors is [{ } fault, ..] ? new(fault.Code, fault.Detail, fault.Pointer) : null;
}
