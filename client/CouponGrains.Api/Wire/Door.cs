using CouponGrains.Contracts;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api.Wire;

/// <summary>Stands before every request of the API: limits the body, names the request, and turns whatever goes wrong
/// into one problem without a word about the inside.</summary>
internal sealed partial class Door(RequestDelegate next, ApiOptions options, ILogger log)
{
    private static readonly string[] Addresses = ["/v1", "/health", "/session", "/sign-in", "/sign-out"];

    /// <summary>What is told when the cluster does not answer.</summary>
    public static Refusal Unavailable { get; } = new(
        RefusalCodes.Unavailable, "The cluster did not answer in time; what was asked may or may not be done.");

    /// <summary>True if the cluster, not the request, is to blame, and a repeat may succeed.</summary>
    public static bool IsUnavailable(Exception e) => e is OperationCanceledException || Outage.Is(e);

    public async Task Invoke(HttpContext http)
    {
        if (!Addresses.Any(address => http.Request.Path.StartsWithSegments(address)))
        {
            await next(http);
            return;
        }

        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.BodyBytesMax;
        }

        try
        {
            await next(http);
            if (Unanswered(http) is { } refusal)
            {
                await Problem.Of(refusal).ExecuteAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Explain(e, http).ExecuteAsync(http);
        }
    }

    private static Refusal? Unanswered(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.ContentType is not null)
        {
            return null;
        }

        return http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new(RefusalCodes.UnknownAddress, "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => new(
                RefusalCodes.MethodNotAllowed, $"This address answers {http.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => new(
                RefusalCodes.UnsupportedMediaType, "The body must be application/json."),
            _ => null,
        };
    }

    private Problem Explain(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case ProblemException e:
                return e.Problem;
            case RefusedException e:
                return Problem.Of(e.Refusal);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problem.Of(new Refusal(
                    RefusalCodes.BodyTooLarge, $"A body may have at most {options.BodyBytesMax} bytes."));
            case BadHttpRequestException:
                return Problem.Of(new Refusal(RefusalCodes.MalformedRequest, "The request is not well-formed HTTP."));
            case var e when IsUnavailable(e):
                LogUnavailable(log, exception, http.TraceIdentifier, Address(http));
                return Problem.Of(Unavailable);
            default:
                LogFault(log, exception, http.TraceIdentifier, Address(http));
                return Problem.Of(new Refusal(
                    RefusalCodes.InternalError, "Something went wrong inside; the log has it under the request id."));
        }
    }

    /// <summary>The route, not the path: paths hold user ids.</summary>
    private static string Address(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    [LoggerMessage(5001, LogLevel.Warning, "Request {RequestId} to {Route} found the cluster unavailable.")]
    private static partial void LogUnavailable(ILogger log, Exception exception, string requestId, string route);

    [LoggerMessage(5002, LogLevel.Error, "Request {RequestId} to {Route} failed.")]
    private static partial void LogFault(ILogger log, Exception exception, string requestId, string route);
}
