using CouponGrains.Contracts;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>Turns answers of grains into answers on the wire.</summary>
internal static class Reply
{
    /// <summary>A value.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, WireJson.Options, statusCode: status);

    /// <summary>A list that is whole.</summary>
    public static IResult List<T>(IReadOnlyList<T> data) => Json(new Page<T>(data, false, null));

    /// <summary>The first <paramref name="limit"/> of entries that were asked for with one more than that.</summary>
    public static IResult Page<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursor) => Json(new Page<T>(
        [.. found.Take(limit)], found.Count > limit, found.Count > limit ? cursor(found[limit - 1]) : null));

    /// <summary>The value of an answer, or the problem.</summary>
    public static IResult Of<T>(Answer<T> answer, int status = StatusCodes.Status200OK)
        where T : class => Of(answer, value => value, status);

    /// <summary>The value of an answer in another shape, or the problem.</summary>
    public static IResult Of<T, TShape>(Answer<T> answer, Func<T, TShape> shape, int status = StatusCodes.Status200OK)
        where T : class =>
        answer.Succeeded ? Json(shape(answer.Value), status) : Problem.Of(answer.Refusal);
}
