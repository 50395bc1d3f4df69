using CouponGrains.Training.Models;

namespace CouponGrains.Training.Evaluation;

/// <summary>The figures of a protocol, means over its users.</summary>
/// <param name="Hits">HR@10 of the NCF protocol and of that of time, Recall@20 of full ranking.</param>
/// <param name="Ndcg">NDCG@10 or NDCG@20.</param>
/// <param name="Recall">Recall@20 of the protocol of time; otherwise 0.</param>
public sealed record RankingFigures(double Hits, double Ndcg, double Recall = 0)
{
    /// <summary>The mean of hits and NDCG.</summary>
    internal double Mean => (Hits + Ndcg) / 2;
}

/// <summary>Users whose later items are known, and how they are ranked.</summary>
public abstract class HeldOutRanking
{
    private const int Block = 32;

    /// <summary>What may be learned from, users × items.</summary>
    public required CsrMatrix Train { get; init; }

    /// <summary>The rows of <see cref="Train"/> that are measured.</summary>
    public required int[] Users { get; init; }

    /// <summary>Ranks for all the users. Does not depend on the number of threads.</summary>
    public RankingFigures Measure(ScoreUsers model, int threads, CancellationToken cancel)
    {
        var figures = new RankingFigures[Users.Length];
        var blocks = (Users.Length + Block - 1) / Block;
        Parallel.For(0, blocks, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
            () => new float[Block * Train.Columns], (block, _, scores) =>
            {
                var from = block * Block;
                var users = Users.AsSpan(from, Math.Min(Block, Users.Length - from));
                model(Train, users, scores.AsSpan(0, users.Length * Train.Columns));
                for (var i = 0; i < users.Length; i++)
                {
                    figures[from + i] = Judge(from + i, scores.AsSpan(i * Train.Columns, Train.Columns));
                }

                return scores;
            }, _ => { });
        return figures.Length == 0
            ? new(0, 0)
            : new(figures.Average(f => f.Hits), figures.Average(f => f.Ndcg), figures.Average(f => f.Recall));
    }

    /// <summary>A part of the training entries held out in the same way, for choosing options; null if there is
    /// none.</summary>
    public abstract HeldOutRanking? Validation(int users, int seed);

    /// <summary>True if the user's own past is ranked too, so that a repeat weight has a meaning.</summary>
    internal virtual bool RanksPast => false;

    /// <summary>The same protocol with the users' own past left out; null if it is left out anyway.</summary>
    internal virtual HeldOutRanking? WithoutPast => null;

    /// <summary>What a search maximises.</summary>
    internal virtual double Figure(ScoreUsers model, int threads, CancellationToken cancel) =>
        Measure(model, threads, cancel).Mean;

    /// <summary>The figures of the user at a place of <see cref="Users"/>; may overwrite the scores.</summary>
    private protected abstract RankingFigures Judge(int place, Span<float> scores);
}
