using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Events;
using CouponGrains.Domain.Events;

namespace CouponGrains.Api.Events;

/// <summary>What became of one event.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Id">Its id; null if it could not be read.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, <c>conflict</c> or <c>refused</c>.</param>
/// <param name="Code">Why not, for a conflict or a refusal.</param>
/// <param name="Errors">The single faults, if there are.</param>
internal sealed record EventResult(
    int Index, string? Id, string Status, string? Code = null, IReadOnlyList<Fault>? Errors = null)
{
    public static EventResult Of(int index, RecordAnswer answer)
    {
        var status = answer.Status is { } known ? Snake.Case(known) : "refused";
        return answer.Refusal is { } refusal
            ? new(index, answer.Id.Value, status, refusal.Code, [Fault.Of(refusal)])
            : new(index, answer.Id.Value, status);
    }

    public static EventResult Of(int index, Problem problem) =>
        new(index, null, "refused", problem.Code,
            problem.Errors.Count > 0 ? problem.Errors : [new(null, problem.Code, problem.Detail)]);
}

/// <summary>What became of a batch.</summary>
internal sealed record EventBatchAnswer(
    int Accepted, int Duplicate, int Conflict, int Refused, IReadOnlyList<EventResult> Results)
{
    public static EventBatchAnswer Of(IReadOnlyList<EventResult> results)
    {
        int Count(string status) => results.Count(result => result.Status == status);
        return new(
            Count(Snake.Case(AppendStatus.Accepted)), Count(Snake.Case(AppendStatus.Duplicate)),
            Count(Snake.Case(AppendStatus.Conflict)), Count("refused"), results);
    }
}
