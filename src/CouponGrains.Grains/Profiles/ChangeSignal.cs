using CouponGrains.Domain.Ranking;
using CouponGrains.Grains.Models;

namespace CouponGrains.Grains.Profiles;

/// <summary>Tells whoever waits that a user's offers may have changed: something was written, or the silo ranks from
/// another copy. Used within the grain's turns only.</summary>
internal sealed class ChangeSignal(IReplica replica, TimeProvider time)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    /// <summary>How often the copy is looked at while somebody waits.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Numbers of one activation are not those of another.
    private long _number = Math.Max(1, time.GetUtcNow().Ticks);
    private OfferIndex _index = replica.Current;
    private TaskCompletionSource? _given;

    /// <summary>The number of the last change that was written.</summary>
    public long Number => _number;

    /// <summary>Something was written.</summary>
    public void Give()
    {
        _number++;
        _given?.TrySetResult();
        _given = null;
    }

    /// <summary>The number of the last change, once it is other than <paramref name="seen"/> or the time is
    /// over.</summary>
    public async Task<long> Wait(long seen, TimeSpan wait, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var most = wait < WaitMax ? wait : WaitMax;
        while (Current() == seen && time.GetElapsedTime(begun) < most)
        {
            _given ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.WhenAny(_given.Task, Task.Delay(Look, time, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return _number;
    }

    private long Current()
    {
        if (!ReferenceEquals(_index, replica.Current))
        {
            _index = replica.Current;
            Give();
        }

        return _number;
    }
}
