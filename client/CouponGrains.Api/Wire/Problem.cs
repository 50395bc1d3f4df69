using System.Text.Json.Serialization;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>A problem by RFC 9457. <see cref="Code"/> is stable; people read <see cref="Detail"/>.</summary>
internal sealed record Problem : IResult
{
    public const string ContentType = "application/problem+json";

    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>True if the same request may succeed later.</summary>
    public required bool Retryable { get; init; }

    /// <summary>The single faults, where there is more to say than <see cref="Detail"/>.</summary>
    public IReadOnlyList<Fault> Errors { get; init; } = [];

    public string RequestId { get; init; } = "";

    public static Problem Of(Refusal refusal) => Of([refusal]);

    public static Problem Of(IReadOnlyList<Refusal> refusals)
    {
        var first = refusals[0];
        var kind = ProblemKinds.Of(first.Code);
        return new()
        {
            Type = $"/problems/{first.Code}",
            Title = kind.Title,
            Status = kind.Status,
            Detail = refusals.Count == 1 ? first.Detail : $"{first.Detail} (the first of {refusals.Count} faults)",
            Code = first.Code,
            Retryable = kind.Retryable,
            Errors = [.. refusals.Where(r => r.Pointer is not null).Select(Fault.Of)],
        };
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Status == StatusCodes.Status503ServiceUnavailable || Code == RefusalCodes.InFlight)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        var body = this with { RequestId = httpContext.TraceIdentifier };
        await httpContext.Response.WriteAsJsonAsync(body, ApiJson.Options, ContentType, CancellationToken.None);
    }
}

/// <summary>One fault of a request.</summary>
/// <param name="Pointer">Where in the body (RFC 6901), or <c>?name</c> for a parameter of the address.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">For people.</param>
internal sealed record Fault(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pointer, string Code, string Detail)
{
    public static Fault Of(Refusal refusal) => new(refusal.Pointer, refusal.Code, refusal.Detail);
}

/// <summary>Carries a problem from the depth of a handler to the door.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
