using CouponGrains.Api.Wire;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Access;

/// <summary>Who calls, for the handlers.</summary>
internal static class Callers
{
    /// <summary>The caller whom <see cref="Guard"/> let in.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The request did not pass the guard.");

    /// <summary>Throws <see cref="ProblemException"/> if the caller may not tell of a user whom the body
    /// names.</summary>
    public static void Require(this Caller caller, UserId user)
    {
        if (caller.Lacks(user) is { } refusal)
        {
            throw new ProblemException(Problem.Of(refusal with { Pointer = "/user" }));
        }
    }
}
