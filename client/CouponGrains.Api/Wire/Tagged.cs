using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>An answer with an entity tag: 304 and nothing more to whoever has it already.</summary>
/// <param name="tag">The tag, in quotes.</param>
/// <param name="body">The value as JSON.</param>
internal sealed class Tagged(string tag, byte[] body) : IResult
{
    /// <summary>A value, and its revision if it has one.</summary>
    public static Tagged Of<T>(T value, int? revision = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
        return new(EntityTags.Of(revision, body), body);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (EntityTags.IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
