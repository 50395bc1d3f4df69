using CouponGrains.Domain;

namespace CouponGrains.Api.Wire;

/// <summary>What became of one entry of a batch.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Id">Its id; null if it could not be read.</param>
/// <param name="Status"><c>accepted</c> or <c>refused</c>.</param>
/// <param name="Errors">Why it was refused.</param>
internal sealed record BatchResult(int Index, string? Id, string Status, IReadOnlyList<Fault>? Errors = null)
{
    public static BatchResult Of(int index, string? id, Refusal? refusal) => refusal is null
        ? new(index, id, "accepted")
        : new(index, id, "refused", [Fault.Of(refusal)]);

    public static BatchResult Of(int index, string? id, Problem problem) =>
        new(index, id, "refused",
            problem.Errors.Count > 0 ? problem.Errors : [new(null, problem.Code, problem.Detail)]);
}

/// <summary>What became of a batch.</summary>
internal sealed record BatchAnswer(int Accepted, int Refused, IReadOnlyList<BatchResult> Results)
{
    public static BatchAnswer Of(IReadOnlyList<BatchResult> results)
    {
        var accepted = results.Count(result => result.Status == "accepted");
        return new(accepted, results.Count - accepted, results);
    }
}
