using System.Net;
using System.Net.Http.Headers;

namespace CouponGrains.EndToEnd.Tests;

/// <summary>So many senders who wait for each other twice: until all are connected, and until the head of every request
/// is with the server.</summary>
internal sealed class Crowd(int count)
{
    private int _atOnce;
    private int _mostAtOnce;

    public Door Connected { get; } = new(count);

    public Door Begun { get; } = new(count);

    /// <summary>Requests that were begun and not answered, at the moment at which there were most.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public void Enter()
    {
        var now = Interlocked.Increment(ref _atOnce);
        for (var most = MostAtOnce; now > most && Interlocked.CompareExchange(ref _mostAtOnce, now, most) != most;)
        {
            most = MostAtOnce;
        }
    }

    public void Leave() => Interlocked.Decrement(ref _atOnce);
}

/// <summary>Opens when so many have come, and stays open.</summary>
internal sealed class Door(int count)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = count;

    public Task Open => _open.Task.WaitAsync(HostRun.Patience);

    public void Arrive()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _open.SetResult();
        }
    }
}

/// <summary>One of a crowd; counts once at each door, however often he has to ask.</summary>
internal sealed class Visitor(Crowd crowd)
{
    private bool _connected;
    private bool _begun;
    private bool _inside;

    public Task Connected()
    {
        if (!_connected)
        {
            _connected = true;
            crowd.Connected.Arrive();
        }

        return crowd.Connected.Open;
    }

    public Task Begun()
    {
        _inside = true;
        crowd.Enter();
        if (!_begun)
        {
            _begun = true;
            crowd.Begun.Arrive();
        }

        return crowd.Begun.Open;
    }

    /// <summary>His request was answered, or failed.</summary>
    public void Left()
    {
        if (_inside)
        {
            _inside = false;
            crowd.Leave();
        }
    }
}

/// <summary>A turn to connect, given back once.</summary>
internal sealed class Line(SemaphoreSlim lines) : IDisposable
{
    private int _taken;

    public async Task Take()
    {
        await lines.WaitAsync();
        _taken = 1;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _taken, 0) == 1)
        {
            lines.Release();
        }
    }
}

/// <summary>The body of a request, which is sent when the whole crowd has come so far.</summary>
internal sealed class Together : HttpContent
{
    private readonly byte[] _json;
    private readonly Visitor? _visitor;
    private readonly Line _line;

    public Together(byte[] json, Visitor? visitor, Line line)
    {
        (_json, _visitor, _line) = (json, visitor, line);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (_visitor is not null)
        {
            _line.Dispose(); // It is connected; another may.
            await _visitor.Connected();
            await stream.FlushAsync();
            await _visitor.Begun();
        }

        await stream.WriteAsync(_json);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
