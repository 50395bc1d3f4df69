using CouponGrains.Contracts;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>Turns answers of grains into answers on the wire.</summary>
internal static class Reply
{
    /// <summary>A value.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, ApiJson.Options, statusCode: status);

    /// <summary>The best of something, as many as were asked for: a list without pages.</summary>
    public static IResult List<T>(IReadOnlyList<T> data) => Json(new Page<T>(data, false, null));

    /// <summary>The first <paramref name="limit"/> of entries that were asked for with one more than that.</summary>
    public static IResult Page<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursor) =>
        Json(PageOf(found, limit, cursor));

    /// <summary>A page of a list that is in the order of its names: what comes after the cursor, whether or not that
    /// entry is still there.</summary>
    public static IResult Sorted<T>(IEnumerable<T> all, string? limit, string? cursor, Func<T, string> name)
    {
        var (count, after) = Address.Page(limit, cursor);
        return Page(
            [.. all.Where(entry => after is null || string.CompareOrdinal(name(entry), after) > 0).Take(count + 1)],
            count, name);
    }

    /// <summary>A page of a list in any order that stays, as newest first: what comes after the entry that the cursor
    /// names.</summary>
    public static IResult Ordered<T>(IReadOnlyList<T> all, string? limit, string? cursor, Func<T, string> name) =>
        Json(OrderedPage(all, limit, cursor, name));

    /// <summary>The page of <see cref="Ordered"/>. Throws <see cref="ProblemException"/>.</summary>
    public static Page<T> OrderedPage<T>(
        IReadOnlyList<T> all, string? limit, string? cursor, Func<T, string> name)
    {
        var count = Address.Limit(limit);
        var skipped = cursor is null
            ? 0
            : all.TakeWhile(entry => !string.Equals(name(entry), cursor, StringComparison.Ordinal)).Count() + 1;
        return skipped <= all.Count
            ? PageOf<T>([.. all.Skip(skipped).Take(count + 1)], count, name)
            : throw new ProblemException(Problem.Of(new Refusal(
                RefusalCodes.InvalidValue, "This cursor is of no page of this list, or of one that is gone.", "?cursor")));
    }

    /// <summary>A value with an entity tag; see <see cref="Wire.Tagged"/>.</summary>
    public static IResult Tagged<T>(Answer<T> answer)
        where T : class => Tagged(answer, value => value);

    /// <summary>The same in another shape.</summary>
    public static IResult Tagged<T, TShape>(Answer<T> answer, Func<T, TShape> shape, Func<T, int>? revision = null)
        where T : class => answer.Succeeded
            ? Wire.Tagged.Of(shape(answer.Value), revision?.Invoke(answer.Value))
            : Problem.Of(answer.Refusal);

    /// <summary>The value of an answer, or the problem.</summary>
    public static IResult Of<T>(Answer<T> answer, int status = StatusCodes.Status200OK)
        where T : class => Of(answer, value => value, status);

    /// <summary>The value of an answer in another shape, or the problem.</summary>
    public static IResult Of<T, TShape>(Answer<T> answer, Func<T, TShape> shape, int status = StatusCodes.Status200OK)
        where T : class =>
        answer.Succeeded
            ? answer.IsRepeat ? new Replayed(Json(shape(answer.Value), status)) : Json(shape(answer.Value), status)
            : Problem.Of(answer.Refusal);

    private static Page<T> PageOf<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursor) => new(
        [.. found.Take(limit)], found.Count > limit, found.Count > limit ? cursor(found[limit - 1]) : null);
}

/// <summary>The answer that a key got the first time, marked as such.</summary>
internal sealed class Replayed(IResult first) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers["Idempotent-Replayed"] = "true";
        return first.ExecuteAsync(httpContext);
    }
}
