using System.Text.Json;
using CouponGrains.Api.Access;
using CouponGrains.Domain;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Api.Wire;

/// <summary>An answer of server-sent events (WHATWG HTML, section 9.2), open until one side ends it.</summary>
internal sealed class EventStream
{
    private const int RetryMilliseconds = 2_000;

    private readonly HttpContext _http;
    private readonly CancellationToken _ended;

    private EventStream(HttpContext http, CancellationToken ended) => (_http, _ended) = (http, ended);

    /// <summary>The id of the last event that the listener heard before he came back, or null.</summary>
    public static string? LastHeard(HttpContext http) =>
        http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : null;

    /// <summary>Begins the answer with an event <c>ready</c>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="ended">Ends the stream.</param>
    /// <param name="id">What a listener comes back with who has heard nothing else; null leaves it as it is.</param>
    public static async Task<EventStream> Open(HttpContext http, CancellationToken ended, string? id = null)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stream = new EventStream(http, ended);
        await stream.Write($"event: ready\n{(id is null ? "" : $"id: {id}\n")}retry: {RetryMilliseconds}\ndata: {{}}\n\n");
        return stream;
    }

    /// <summary>Sends an event. The id has no line breaks.</summary>
    public Task Send<T>(string name, string id, T value) =>
        Write($"event: {name}\nid: {id}\ndata: {JsonSerializer.Serialize(value, ApiJson.Options)}\n\n");

    /// <summary>True while whoever listens may: his key or session may have ended since the stream began.</summary>
    public static async Task<bool> MayGoOn(HttpContext http) => http.Caller().Kind == CallerKind.Local
        || await http.RequestServices.GetRequiredService<KnownCallers>().Find(http) is (not null, null)
            or (null, { Code: RefusalCodes.Unavailable });

    /// <summary>Sends a heartbeat, so that whoever stands between does not take the silence for the end.</summary>
    public Task Beat() => Write(": heartbeat\n\n");

    private async Task Write(string text)
    {
        await _http.Response.WriteAsync(text, _ended);
        await _http.Response.Body.FlushAsync(_ended);
    }
}
