using CouponGrains.Simulation;

namespace CouponGrains.Cli.Simulate;

/// <summary>Shows a comparison as a table, and as a document.</summary>
internal static class Tables
{
    private static readonly string[] Columns =
        ["round", "policy", "#profit", "#above no coupons", "#issued", "#redemptions", "#discount"];

    /// <summary>Means by round and policy, then the intervals.</summary>
    public static void Print(Comparison comparison, Simulation simulation, IAnsiConsole console)
    {
        var (market, loop) = (simulation.Market, simulation.Loop);
        console.WriteLine(
            $"Means over {simulation.Replications} markets of {market.Users:N0} users and {market.Items:N0} items, seeds {market.Seed} to "
            + $"{market.Seed + simulation.Replications - 1}; budget {Amount(loop.BudgetMinor)} over {loop.Rounds} rounds; all in {Market.Currency}");
        var rounds = Enumerable.Range(1, loop.Rounds).SelectMany(r => Rows(comparison, $"{r}", r, r));
        console.Write(Screen.Grid(Columns, [.. rounds, .. Rows(comparison, "all", 1, loop.Rounds)]));
        foreach (var policy in comparison.Policies)
        {
            console.WriteLine($"{policy} above no coupons: {Text(comparison.Incremental(policy))}");
        }

        foreach (var other in Others(comparison))
        {
            console.WriteLine($"{Simulation.Ours} less {other}: {Text(comparison.Difference(Simulation.Ours, other))}");
        }

        console.WriteLine("Profit is margin less discounts. Intervals: Student's t over the markets; the runs in one market share its luck.");
    }

    /// <summary>Everything, for programs; amounts in minor units.</summary>
    public static object Describe(Comparison comparison, Simulation simulation) => new
    {
        simulation.Market,
        simulation.Loop,
        simulation.Replications,
        simulation.Rank,
        Currency = Market.Currency.Code,
        Method = "95 % interval by Student's t over the markets; the runs in one market share its luck",
        comparison.Runs,
        IncrementalMinor = comparison.Policies.ToDictionary(p => p, p => comparison.Incremental(p)),
        OursLessMinor = Others(comparison).ToDictionary(o => o, o => comparison.Difference(Simulation.Ours, o)),
    };

    private static IEnumerable<string> Others(Comparison comparison) => comparison.Policies.Where(p => p != Simulation.Ours);

    private static IEnumerable<IEnumerable<string>> Rows(Comparison comparison, string name, int first, int last)
    {
        foreach (var policy in comparison.Policies)
        {
            double Sum(Func<RoundResult, double> figure) =>
                Enumerable.Range(first, last - first + 1).Sum(r => comparison.Mean(policy, r, figure));
            yield return
            [
                name, policy, Amount(Sum(r => r.ProfitMinor)), Amount(Sum(r => r.IncrementalMinor)),
                $"{Sum(r => r.Issued):N0}", $"{Sum(r => r.Redeemed):N1}", Amount(Sum(r => r.DiscountMinor)),
            ];
        }
    }

    private static string Text(PairedDifference d) =>
        $"{Amount(d.Mean)}, 95 % interval {Amount(d.Low)} to {Amount(d.High)}"
        + (d.IsGain ? " (above zero)" : d.High < 0 ? " (below zero)" : " (zero inside)");

    private static string Amount(double minor) => $"{minor / 100:N2}";
}
