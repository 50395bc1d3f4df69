using CouponGrains.Domain;
using CouponGrains.Storage.Import;

namespace CouponGrains.Cli.Import;

/// <summary>What became of a row that was sent: recorded now, known before, or refused.</summary>
internal readonly record struct Sent(bool IsNew, Refusal? Refusal)
{
    public static readonly Sent Accepted = new(true, null);

    public static readonly Sent Known = new(false, null);

    public static Sent Of(Refusal? refusal) => new(refusal is null, refusal);
}

/// <summary>The counts of an import. Every row is in exactly one of them.</summary>
internal sealed class ImportCounts
{
    public long Rows { get; set; }

    public long Accepted { get; set; }

    public long Known { get; set; }

    public SortedDictionary<string, long> Refused { get; init; } = [];
}

/// <summary>Sends the rows of a file in windows: each window is grouped by key (user, shard, campaign), each group cut
/// into batches that go one after the other, different groups side by side. A window that is sent whole is noted in the
/// checkpoint; a run that was stopped goes on behind it, and what was sent twice all the same is known by its
/// id.</summary>
/// <param name="key">The group of a value.</param>
/// <param name="batchMax">The most values of one call.</param>
/// <param name="send">Sends values of one group.</param>
internal sealed class ImportRun<T>(
    Func<T, string> key, int batchMax, Func<string, IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<Sent>>> send)
    where T : class
{
    private const int WindowRows = 200_000; // Large, so that a user's rows meet in few calls.

    /// <summary>Calls that are under way at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary>Where refused rows are listed.</summary>
    public required RejectedRows Rejected { get; init; }

    /// <summary>How far earlier runs came.</summary>
    public required ImportCheckpoint Checkpoint { get; init; }

    public async Task<ImportCounts> Run(IEnumerable<RowOutcome<T>> outcomes, Action<long> onRows, CancellationToken cancel)
    {
        var counts = Checkpoint.Counts;
        var skip = counts.Rows;
        var pending = Task.CompletedTask;
        foreach (var window in outcomes.Skip((int)skip).Chunk(WindowRows))
        {
            await pending;
            pending = Send(window, counts, onRows, cancel);
        }

        await pending;
        return counts;
    }

    private async Task Send(RowOutcome<T>[] window, ImportCounts counts, Action<long> onRows, CancellationToken cancel)
    {
        var answers = new Sent[window.Length];
        var groups = Enumerable.Range(0, window.Length).Where(i => window[i].Value is not null).GroupBy(i => key(window[i].Value!));
        await System.Threading.Tasks.Parallel.ForEachAsync(
            groups, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancel }, async (group, stop) =>
            {
                foreach (var batch in group.Chunk(batchMax))
                {
                    var sent = await send(group.Key, Array.ConvertAll(batch, i => window[i].Value!), stop);
                    for (var i = 0; i < batch.Length; i++)
                    {
                        answers[batch[i]] = sent[i];
                    }
                }
            });
        for (var i = 0; i < window.Length; i++)
        {
            Count(window[i], answers[i], counts);
        }

        Rejected.Flush();
        Checkpoint.Save();
        onRows(counts.Rows);
    }

    private void Count(RowOutcome<T> row, Sent answer, ImportCounts counts)
    {
        counts.Rows++;
        if ((row.Refusal ?? answer.Refusal) is { } refusal)
        {
            counts.Refused[refusal.Code] = counts.Refused.GetValueOrDefault(refusal.Code) + 1;
            Rejected.Add(row.Line, refusal);
        }
        else if (answer.IsNew)
        {
            counts.Accepted++;
        }
        else
        {
            counts.Known++;
        }
    }
}
