using System.Diagnostics;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Nemesis;

/// <summary>How long after an instant the service answered again.</summary>
/// <param name="First">To anybody.</param>
/// <param name="All">To every user that is watched.</param>
/// <param name="Disturbed">True if this program itself stood still meanwhile: then the times say nothing.</param>
internal sealed record Recovery(TimeSpan First, TimeSpan All, bool Disturbed);

/// <summary>Users who send an event several times a second, whatever became of the one before: from their answers one sees
/// when the service answers, and whom.</summary>
internal sealed class Watch(Shop shop, FrontEnds fronts)
{
    private const int Users = 12;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StoodStill = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _gate = new();
    private readonly List<(long Asked, long Answered)>[] _successes = [.. Enumerable.Range(0, Users).Select(_ => new List<(long, long)>())];
    private readonly List<(long From, long To)> _stills = [];

    /// <summary>Watches until it is stopped and the last answers have come.</summary>
    public async Task Run(CancellationToken stop)
    {
        var still = NoteStills(stop);
        var asked = new List<Task>();
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            asked.RemoveAll(task => task.IsCompleted);
            for (var user = 0; user < Users; user++)
            {
                asked.Add(Ask(user, (round + user) % fronts.Count));
            }

            await Task.Delay(Every, CancellationToken.None);
        }

        await Task.WhenAll(asked);
        await still;
    }

    /// <summary>Waits until every user is answered who asks after <paramref name="since"/>, or for 90 s. Answers how long
    /// after it that was, or null if it did not come to that.</summary>
    public async Task<Recovery?> Answers(long since)
    {
        while (Stopwatch.GetElapsedTime(since) < Patience)
        {
            if (Find(since) is { } recovery)
            {
                return recovery;
            }

            await Task.Delay(50);
        }

        return null;
    }

    private Recovery? Find(long since)
    {
        lock (_gate)
        {
            var first = long.MaxValue;
            var all = 0L;
            foreach (var successes in _successes)
            {
                var answered = successes.Where(s => s.Asked >= since).Select(s => s.Answered).DefaultIfEmpty(long.MaxValue).Min();
                if (answered == long.MaxValue)
                {
                    return null;
                }

                first = Math.Min(first, answered);
                all = Math.Max(all, answered);
            }

            return new(
                Stopwatch.GetElapsedTime(since, first), Stopwatch.GetElapsedTime(since, all),
                _stills.Any(still => still.To > since && still.From < all));
        }
    }

    private async Task Ask(int user, int front)
    {
        var asked = Stopwatch.GetTimestamp();
        var wish = new Wish(WishKind.Event, shop.NewKey("w"), $"watched-{user}")
        {
            Item = $"i-{user}", At = DateTimeOffset.UnixEpoch.AddDays(20_000),
        };
        var answer = await fronts.Ask(wish, front);
        shop.Note(wish, answer);
        if (answer.IsDone)
        {
            lock (_gate)
            {
                var successes = _successes[user];
                successes.Add((asked, Stopwatch.GetTimestamp()));
                if (successes.Count > 1_000)
                {
                    successes.RemoveRange(0, 500);
                }
            }
        }
    }

    private async Task NoteStills(CancellationToken stop)
    {
        for (var before = Stopwatch.GetTimestamp(); !stop.IsCancellationRequested;)
        {
            await Task.Delay(Tick, CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(before, now) > StoodStill)
            {
                lock (_gate)
                {
                    _stills.Add((before, now));
                }
            }

            before = now;
        }
    }
}
