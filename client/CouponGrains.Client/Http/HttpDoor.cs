using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Domain;
using Polly.Timeout;

namespace CouponGrains.Client.Http;

/// <summary>Sends requests and reads answers and problems.</summary>
internal sealed class HttpDoor(IHttpClientFactory clients)
{
    /// <summary>The name of the client of ordinary requests.</summary>
    public const string Requests = "coupons";

    /// <summary>The name of the client of streams, which end when their reader wants.</summary>
    public const string Streams = "coupons-streams";

    private const int PageMax = 100;

    private static readonly HttpRequestOptionsKey<bool> Once = new("coupons-once");

    // An older client reads what a newer server says, and what is null is left out.
    private static readonly JsonSerializerOptions Options = new(WireJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    /// <summary>True unless the request was sent with <c>once</c>.</summary>
    public static bool MayRepeat(HttpRequestMessage request) => !request.Options.TryGetValue(Once, out var once) || !once;

    /// <summary>An identifier as a part of an address.</summary>
    public static string Part(string id) => Uri.EscapeDataString(id);

    /// <summary>A message of a stream as <typeparamref name="T"/>.</summary>
    public static T Read<T>(string json)
        where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("Expected a value, but there was null.");

    /// <summary>Asks for what is at an address.</summary>
    public Task<T> Get<T>(string path, CancellationToken cancel)
        where T : class => Send<T>(HttpMethod.Get, path, null, false, cancel);

    /// <summary>The entries of a list, page by page, behind that of a cursor.</summary>
    public async IAsyncEnumerable<T> Pages<T>(
        string path, [EnumeratorCancellation] CancellationToken cancel, string? after = null)
    {
        for (var cursor = after is null ? "" : "&cursor=" + Part(after); ;)
        {
            var page = await Get<Page<T>>($"{path}?limit={PageMax}{cursor}", cancel);
            foreach (var entry in page.Data)
            {
                yield return entry;
            }

            if (page.NextCursor is not { } next)
            {
                yield break;
            }

            cursor = "&cursor=" + Part(next);
        }
    }

    /// <summary>Sends a body that may be sent again.</summary>
    public Task<T> Post<T>(string path, object? body, CancellationToken cancel)
        where T : class => Send<T>(HttpMethod.Post, path, body, false, cancel);

    /// <summary>Sends a request. Throws <see cref="CouponsException"/>.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The address below <c>/v1/</c>.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="once">True if a second sending might do something twice.</param>
    /// <param name="cancel">Ends the waiting; what was asked may or may not be done.</param>
    /// <param name="revision">The revision that what is changed must have, or null.</param>
    public async Task<T> Send<T>(
        HttpMethod method, string path, object? body, bool once, CancellationToken cancel, int? revision = null)
        where T : class
    {
        using var request = new HttpRequestMessage(method, "v1/" + path);
        request.Options.Set(Once, once);
        if (revision is { } known)
        {
            request.Headers.IfMatch.Add(new($"\"{known.ToString(CultureInfo.InvariantCulture)}\""));
        }

        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), null, WireJson.Options);
        try
        {
            using var client = clients.CreateClient(Requests);
            using var response = await client.SendAsync(request, cancel);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync<T>(Options, cancel) ?? throw new JsonException("No value.")
                : throw await Refused(response, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or IOException)
        {
            throw Unanswered(e);
        }
        catch (JsonException e)
        {
            throw new CouponsException(
                new(RefusalCodes.InternalError, "The server's answer cannot be read; is it of another version?"), null, e);
        }
    }

    /// <summary>Opens a stream of server-sent events. Throws <see cref="CouponsException"/>.</summary>
    public Task<HttpResponseMessage> Open(string path, CancellationToken cancel) =>
        Open(path, "text/event-stream", cancel);

    /// <summary>Opens what is read as it comes and takes as long as it takes. Throws
    /// <see cref="CouponsException"/>.</summary>
    public async Task<HttpResponseMessage> Open(string path, string accept, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/" + path);
        request.Headers.Accept.Add(new(accept));
        try
        {
            using var client = clients.CreateClient(Streams);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await Refused(response, cancel);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unanswered(e);
        }
    }

    /// <summary>What is told where no answer came, or one that broke off.</summary>
    public static CouponsException Unanswered(Exception e) => new(
        new(RefusalCodes.Unavailable, e.InnerException is AuthenticationException
            ? "The server's certificate is not one that is trusted, or of another name; nothing was asked."
            : "The server did not answer; what was asked may or may not be done."), null, e);

    /// <summary>The problem of an answer (RFC 9457); what is none, as a proxy's page, is told by its status.</summary>
    private static async Task<CouponsException> Refused(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            && JsonSerializer.Deserialize<Problem>(text, Options) is { } problem)
        {
            return new(new(problem.Code, problem.Detail, problem.Errors is [{ } fault, ..] ? fault.Pointer : null), problem.RequestId);
        }

        var status = (int)response.StatusCode;
        return new(new(
            status >= 500 ? RefusalCodes.Unavailable : RefusalCodes.MalformedRequest,
            $"The server answered {status}, and not as CouponGrains does."));
    }

    private sealed record Problem(
        string Code, string Detail, string? RequestId = null, IReadOnlyList<EntryFault>? Errors = null);
}
