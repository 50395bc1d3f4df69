using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CouponGrains.Fuzz;

/// <summary>What came back.</summary>
/// <param name="Status">The status; 0 where none is expected, as after a cut.</param>
/// <param name="Code">The code of the problem, or null.</param>
/// <param name="Fault">What is wrong with the answer itself, or null.</param>
internal sealed record FuzzAnswer(int Status, string? Code = null, string? Fault = null);

/// <summary>Sends requests: by the usual client, or as bytes.</summary>
internal sealed class Sender(Uri address, HttpClient http)
{
    public const int SecondsMax = 30;

    private int _again;

    /// <summary>How many requests were sent twice, as their connection was closed.</summary>
    public int Again => _again;

    public async Task<FuzzAnswer> Send(FuzzRequest request, CancellationToken cancel)
    {
        try
        {
            return request.Raw is { } raw ? await SendRaw(raw.Bytes, raw.Cut, cancel) : await SendAgain(request, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // A server may close what it cannot read; of an ordinary request it must not.
            return new(0, null, MayClose(request) ? null : e.GetBaseException().Message);
        }
    }

    /// <summary>A connection that was used before may be closed just when the next request is sent on it (RFC 9112,
    /// 9.5): then it is sent once more, as any client does.</summary>
    private async Task<FuzzAnswer> SendAgain(FuzzRequest request, CancellationToken cancel)
    {
        try
        {
            return await SendUsual(request, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !MayClose(request))
        {
            Interlocked.Increment(ref _again);
            return await SendUsual(request, cancel);
        }
    }

    private async Task<FuzzAnswer> SendUsual(FuzzRequest request, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(new(request.Method), request.Address);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in request.Headers)
        {
            if (name == "Content-Type" && message.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        var status = (int)answer.StatusCode;
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return new(status); // It does not end; the listener goes.
        }

        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (status < 400 || request.Method == "HEAD")
        {
            return new(status);
        }

        var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (string?)JsonNode.Parse(text)?["code"]
            : null;
        // What the server refuses before it looks at the address, as a zero byte in it, has no body.
        return new(status, code, code is null && (text.Length > 0 || status is not (400 or 414 or 417 or 431)) ? $"no problem: '{text[..Math.Min(200, text.Length)]}'" : null);
    }

    /// <summary>Sends bytes, and reads the status unless the connection is cut.</summary>
    private async Task<FuzzAnswer> SendRaw(byte[] bytes, bool cut, CancellationToken cancel)
    {
        using var socket = new TcpClient { NoDelay = true, LingerState = new(cut, 0) };
        await socket.ConnectAsync(address.Host, address.Port, cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(bytes, cancel);
        if (cut)
        {
            return new(0);
        }

        // Whatever was understood, nothing more is coming: the server answers or closes.
        socket.Client.Shutdown(SocketShutdown.Send);
        var head = new byte[64];
        var read = await stream.ReadAtLeastAsync(head, 12, throwOnEndOfStream: false, cancel);
        var words = Encoding.Latin1.GetString(head, 0, read).Split(' ');
        return new(words.Length > 1 && int.TryParse(words[1], out var status) ? status : 0);
    }

    /// <summary>True if the server may close the connection: on what is no HTTP, and on a body that is too large, whose
    /// rest it does not read.</summary>
    private static bool MayClose(FuzzRequest request) => request.Raw is not null || request.Body is { Length: > 1_000_000 };
}
