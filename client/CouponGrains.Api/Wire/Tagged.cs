using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CouponGrains.Api.Wire;

/// <summary>An answer with an entity tag: 304 and nothing more to whoever has it already.</summary>
/// <param name="value">The value.</param>
/// <param name="revision">Its revision, if it has one.</param>
internal sealed class Tagged<T>(T value, int? revision) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var body = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
        var tag = EntityTags.Of(revision, body);
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
