using CouponGrains.Simulation.Policies;

namespace CouponGrains.Simulation;

/// <summary>One policy's run through one market.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Seed">The market's seed.</param>
/// <param name="Rounds">What it made of each round.</param>
public sealed record PolicyRun(string Policy, int Seed, IReadOnlyList<RoundResult> Rounds)
{
    /// <summary>The profit above none given, over all rounds, in minor units.</summary>
    public long IncrementalMinor => Rounds.Sum(r => r.IncrementalMinor);
}

/// <summary>Policies side by side over several markets.</summary>
/// <param name="Runs">Every run.</param>
public sealed record Comparison(IReadOnlyList<PolicyRun> Runs)
{
    /// <summary>The policies in the order they were run.</summary>
    public IReadOnlyList<string> Policies => [.. Runs.Select(r => r.Policy).Distinct()];

    /// <summary>Runs fresh policies through <paramref name="replications"/> markets, whose seeds count up from the one
    /// in
    /// <paramref name="market"/>. Reports each run as it ends.</summary>
    public static async Task<Comparison> Run(
        MarketOptions market, ClosedLoopOptions loop, int replications, Func<IReadOnlyList<IPolicy>> policies,
        IProgress<PolicyRun> progress, CancellationToken cancel)
    {
        var runs = new List<PolicyRun>();
        for (var seed = market.Seed; seed < market.Seed + replications; seed++)
        {
            var closedLoop = new ClosedLoop(new(market with { Seed = seed }), loop);
            foreach (var policy in policies())
            {
                var run = new PolicyRun(policy.Name, seed, await closedLoop.Run(policy, cancel));
                runs.Add(run);
                progress.Report(run);
            }
        }

        return new(runs);
    }

    /// <summary>The mean over the markets of a figure of one policy in one round.</summary>
    public double Mean(string policy, int round, Func<RoundResult, double> figure) =>
        Runs.Where(r => r.Policy == policy).Average(r => figure(r.Rounds[round - 1]));

    /// <summary>How much more profit, in minor units, <paramref name="policy"/> made than <paramref name="other"/> over
    /// all rounds, paired by market.</summary>
    public PairedDifference Difference(string policy, string other) => PairedDifference.Of(
    [
        .. Runs.Where(r => r.Policy == policy).Join(
            Runs.Where(r => r.Policy == other), r => r.Seed, r => r.Seed, (a, b) => (double)(a.IncrementalMinor - b.IncrementalMinor)),
    ]);

    /// <summary>The profit of a policy above none given in one round (all rounds if null), in minor units, over the
    /// markets.</summary>
    public PairedDifference Incremental(string policy, int? round = null) => PairedDifference.Of(
    [
        .. Runs.Where(r => r.Policy == policy)
            .Select(r => (double)(round is { } n ? r.Rounds[n - 1].IncrementalMinor : r.IncrementalMinor)),
    ]);
}
