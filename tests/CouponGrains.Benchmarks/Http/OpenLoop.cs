using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CouponGrains.Benchmarks.Http;

/// <summary>Requests that are sent when their time has come, over connections that are open before. The time of each
/// counts from when it was meant to be sent, so that a server that stalls does not slow its measuring down. Spoken over
/// bare sockets: a whole HTTP client would take as much of the processors as the server.</summary>
internal static class OpenLoop
{
    private const int Connections = 64;

    /// <summary>Asks for addresses at an even rate and answers the time of each, ascending.</summary>
    public static async Task<TimeSpan[]> Run(Uri server, Func<int, string> address, double perSecond, TimeSpan length)
    {
        var times = new TimeSpan[(int)(perSecond * length.TotalSeconds)];
        var sockets = new Socket[Connections];
        try
        {
            for (var i = 0; i < sockets.Length; i++)
            {
                sockets[i] = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await sockets[i].ConnectAsync(server.Host, server.Port);
            }

            var (next, begun) = (-1, Stopwatch.GetTimestamp());
            await Task.WhenAll(sockets.Select(socket => Task.Run(async () =>
            {
                var buffer = new byte[256 * 1024];
                while (Interlocked.Increment(ref next) is var number && number < times.Length)
                {
                    var meant = TimeSpan.FromSeconds(number / perSecond);
                    while (meant - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } early)
                    {
                        await Task.Delay(early < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : early, TimeProvider.System);
                    }

                    var request = $"GET {address(number)} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n";
                    await socket.SendAsync(Encoding.ASCII.GetBytes(request));
                    await Read(socket, buffer);
                    times[number] = Stopwatch.GetElapsedTime(begun) - meant;
                }
            })));
        }
        finally
        {
            foreach (var socket in sockets)
            {
                socket?.Dispose();
            }
        }

        Array.Sort(times);
        return times;
    }

    /// <summary>Reads one answer whole; throws if it is not that all is well.</summary>
    private static async Task Read(Socket socket, byte[] buffer)
    {
        var (filled, whole) = (0, int.MaxValue);
        while (filled < whole)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            filled += read > 0 ? read : throw new InvalidOperationException("The server closed the connection.");
            if (whole == int.MaxValue && buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is var end and > 0)
            {
                whole = end + 4 + Length(Encoding.ASCII.GetString(buffer, 0, end));
            }
        }
    }

    private static int Length(string head)
    {
        const string Field = "\r\nContent-Length: ";
        return head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            && head.IndexOf(Field, StringComparison.OrdinalIgnoreCase) is var at and > 0
            ? int.Parse(head[(at + Field.Length)..].Split('\r')[0], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Not every request was answered well: {head}");
    }
}
