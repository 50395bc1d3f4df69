using System.Diagnostics;
using System.Globalization;
using CouponGrains.Faults.Shopping;

namespace CouponGrains.Faults.Nemesis;

/// <summary>How long after an instant the service answered again.</summary>
/// <param name="First">To anybody.</param>
/// <param name="All">To every user that is watched.</param>
/// <param name="Disturbed">True if this program itself stood still meanwhile: then the times say nothing.</param>
/// <param name="Slowest">The users who were answered last, with the time.</param>
/// <param name="Unanswered">Users who were not answered for as long as anybody waited.</param>
/// <param name="Failed">Requests sent since that instant that were not fulfilled.</param>
/// <param name="LastFailed">When the last of them was sent; null if there is none.</param>
internal sealed record Recovery(
    TimeSpan First, TimeSpan All, bool Disturbed, IReadOnlyList<(int User, TimeSpan After)> Slowest,
    IReadOnlyList<int> Unanswered, int Failed, TimeSpan? LastFailed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"answered after {First.TotalSeconds:F1} s, everybody after {All.TotalSeconds:F1} s")
        + (Disturbed ? " (this program stood still)" : "")
        + (Unanswered.Count > 0 ? $", NOT users {string.Join(", ", Unanswered)}" : "")
        + (LastFailed is { } last ? $", {Failed} requests failed, the last sent at {last.TotalSeconds:F1} s" : "")
        + $"; slowest: {string.Join(", ", Slowest.Select(s => $"{s.User} {s.After.TotalSeconds:F1} s"))}";
}

/// <summary>Users who send an event several times a second, whatever became of the one before: from their answers one
/// sees when the service answers, and whom.</summary>
internal sealed class Watch(Shop shop, FrontEnds fronts)
{
    private const int Users = 12;
    private const int SlowestTold = 3;

    /// <summary>From this number on a watched user is a new one each time: his grain is nowhere yet.</summary>
    private const int FirstNew = 8;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StoodStill = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _gate = new();
    private readonly List<(long Asked, long Answered)>[] _successes = [.. Enumerable.Range(0, Users).Select(_ => new List<(long, long)>())];
    private readonly List<long> _failures = [];
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
                asked.Add(Ask(user, user < FirstNew ? $"watched-{user}" : $"new-{user}-{round}", (round + user) % fronts.Count));
            }

            await Task.Delay(Every, CancellationToken.None);
        }

        await Task.WhenAll(asked);
        await still;
    }

    /// <summary>Waits until every user is answered who asks after <paramref name="since"/>, or for 90 s; answers how
    /// long after it that was.</summary>
    public async Task<Recovery> Answers(long since)
    {
        while (true)
        {
            var recovery = Find(since);
            if (recovery.Unanswered.Count == 0 || Stopwatch.GetElapsedTime(since) > Patience)
            {
                return recovery;
            }

            await Task.Delay(50);
        }
    }

    private Recovery Find(long since)
    {
        lock (_gate)
        {
            var answered = _successes.Select((successes, user) => (User: user, At: successes
                .Where(s => s.Asked >= since).Select(s => s.Answered).DefaultIfEmpty(long.MaxValue).Min())).ToList();
            var now = Stopwatch.GetTimestamp();
            var times = answered.Where(a => a.At < long.MaxValue)
                .Select(a => (a.User, After: Stopwatch.GetElapsedTime(since, a.At))).OrderByDescending(a => a.After).ToList();
            var unanswered = answered.Where(a => a.At == long.MaxValue).Select(a => a.User).ToList();
            var failures = _failures.Where(asked => asked >= since).ToList();
            var waited = Stopwatch.GetElapsedTime(since, now);
            return new(
                times.Count > 0 ? times[^1].After : waited,
                unanswered.Count > 0 ? waited : times[0].After,
                _stills.Any(still => still.To > since && still.From < answered.Max(a => Math.Min(a.At, now))),
                [.. times.Take(SlowestTold)], unanswered, failures.Count,
                failures.Count > 0 ? Stopwatch.GetElapsedTime(since, failures.Max()) : null);
        }
    }

    private async Task Ask(int user, string name, int front)
    {
        var asked = Stopwatch.GetTimestamp();
        var wish = new Wish(WishKind.Event, shop.NewKey("w"), name)
        {
            Item = $"i-{user}", At = DateTimeOffset.UnixEpoch.AddDays(20_000),
        };
        var answer = await fronts.Ask(wish, front);
        shop.Note(wish, answer);
        lock (_gate)
        {
            if (!answer.IsDone)
            {
                _failures.Add(asked);
            }
            else
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
