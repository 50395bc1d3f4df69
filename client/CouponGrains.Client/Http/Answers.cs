using System.Runtime.InteropServices;
using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Transfers;

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

internal sealed record ProfileAnswer(
    UserId Id, IReadOnlyDictionary<string, string> Attributes, bool Consent,
    IReadOnlyDictionary<EventKind, Activity> Kinds, IReadOnlyDictionary<string, Activity> Categories,
    IReadOnlyList<Money> Spent, TimeSpan Dwell, int Orders, IReadOnlyList<UserEvent> Recent, float[] Taste,
    ModelVersion Model)
{
    public UserView ToView() => new()
    {
        Record = new() { Id = Id, Attributes = Attributes, Consent = Consent },
        Kinds = Kinds, Categories = Categories, Spent = Spent, Dwell = Dwell, Orders = Orders,
        Recent = [.. Recent.Reverse()], Taste = Floats.Bytes(Taste), Model = Model,
    };
}

internal sealed record ItemAnswer(Item Item, float[] Factor, FactorSource FactorSource, ModelVersion Model)
{
    public ItemView ToView() => new(Item, Floats.Bytes(Factor), Model, FactorSource);
}

internal sealed record OperationAnswer(
    string Id, ImportKind Kind, ImportState State, long Total, long Accepted, long Duplicate, long Refused,
    IReadOnlyList<ImportFault> Errors, DateTimeOffset StartedAt, DateTimeOffset? EndedAt = null)
{
    public FileImport ToImport() => new()
    {
        Id = Id, Kind = Kind, State = State, By = "", At = StartedAt, Total = Total, EndedAt = EndedAt,
        Counts = new(Accepted, Duplicate, Refused, Errors),
    };
}

internal sealed record AuditAnswer(
    DateTimeOffset At, Actor Actor, string Action, string Target, AuditOutcome Outcome, string Request,
    IReadOnlyList<AuditDifference> Changes, long Number, string Previous, string Hash)
{
    public AuditEvent ToEvent() => new(
        new()
        {
            At = At, Actor = Actor, Action = Action, Target = Target, Outcome = Outcome, Request = Request,
            Changes = Changes,
        },
        Number, Previous, Hash);
}

internal static class Floats
{
    /// <summary>Numbers as little-endian 32-bit floats, as they travel between silos.</summary>
    public static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}

internal static class Faults
{
    public static Refusal? First(IReadOnlyList<EntryFault>? errors) =>
        errors is [{ } fault, ..] ? new(fault.Code, fault.Detail, fault.Pointer) : null;
}
