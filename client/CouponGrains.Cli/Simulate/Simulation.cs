using CouponGrains.Simulation;
using CouponGrains.Simulation.Policies;
using CouponGrains.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Cli.Simulate;

/// <summary>What is simulated: some markets, the first as told and the others with the next seeds, and in each of them
/// random, popularity and our own policy.</summary>
/// <param name="Market">The first market.</param>
/// <param name="Loop">The rounds and the budget.</param>
/// <param name="Replications">How many markets.</param>
/// <param name="Rank">k of the SVD.</param>
internal sealed record Simulation(MarketOptions Market, ClosedLoopOptions Loop, int Replications, int Rank)
{
    /// <summary>The name of our own policy.</summary>
    public const string Ours = "ours";

    /// <summary>Runs them all.</summary>
    public Task<Comparison> Run(Action<double, string> report, CancellationToken cancel) =>
        Comparison.Run(Market, Loop, Replications, Policies, new Steps(this, report), cancel);

    private IReadOnlyList<IPolicy> Policies() =>
    [
        new RandomPolicy(),
        new PopularPolicy(),
        new TastePolicy(
            s => new ModelTrainer(s.Log, s.Items, s.Campaigns, TimeProvider.System, NullLogger<ModelTrainer>.Instance),
            new() { Rank = Rank, Seed = Market.Seed, OfferEpochs = 0, HoldOutShare = 0, Reason = "simulation" }),
    ];

    private sealed class Steps(Simulation simulation, Action<double, string> report) : IProgress<PolicyRun>
    {
        private int _done;

        public void Report(PolicyRun value)
        {
            _done++;
            report(
                Math.Min(1, _done / (3.0 * simulation.Replications)),
                $"Market {value.Seed - simulation.Market.Seed + 1} of {simulation.Replications}: {value.Policy} done");
        }
    }
}
