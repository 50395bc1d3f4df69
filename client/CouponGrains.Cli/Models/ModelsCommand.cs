using CouponGrains.Client;
using CouponGrains.Domain.Models;

namespace CouponGrains.Cli.Models;

/// <summary><c>coupons models list|promote|rollback</c>; <c>drift</c> stands beside.</summary>
internal static class ModelsCommand
{
    private static readonly Argument<long> Version = new("VERSION") { Description = "The number of a stored model" };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the history", DefaultValueFactory = _ => "promoted by operator",
    };

    public static Command Build() => Verb.Group("models", "The trained models",
        Verb.Online("list", "All stored models, the one in force and how it got there", [], List),
        Verb.Online("promote", "Put a stored model into force, without asking the gates", [Version, Reason], Promote),
        Verb.Online("rollback", "Put the model into force that was before", [], RollBack),
        DriftCommand.Build());

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var list = await client.Models(cancel);
        screen.Result(list, console =>
        {
            console.Write(Screen.Grid(
                ["", "model", "made", "#HR@10", "#popularity", "#NDCG@10", "#popularity", "#users", "#AUC", "#log loss", "#ECE", "#bytes"],
                list.Models.Select(m => new[]
                {
                    m.Version == list.Current ? "in force" : "", m.Version.ToString(), $"{m.CreatedAt:u}", $"{m.Metrics.HitRate10:F4}",
                    $"{m.Metrics.PopularityHitRate10:F4}", $"{m.Metrics.Ndcg10:F4}", $"{m.Metrics.PopularityNdcg10:F4}", $"{m.Metrics.Users:N0}",
                    Figure(m.Metrics.Response?.Auc), Figure(m.Metrics.Response?.LogLoss), Figure(m.Metrics.Response?.CalibrationError),
                    $"{m.Length:N0}",
                })));
            console.Write(Screen.Grid(["when", "from", "to", "why"],
                list.History.Select(h => new[] { $"{h.At:u}", h.From.ToString(), h.To.ToString(), h.Reason })));
        });
    }

    private static string Figure(double? value) => value is { } figure ? $"{figure:F4}" : "–";

    private static async Task Promote(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Tell(screen, await client.Promote(new(parsed.GetValue(Version)), parsed.GetValue(Reason)!, cancel));

    private static async Task RollBack(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Tell(screen, await client.RollBackModel("rolled back by operator", cancel));

    private static void Tell(Screen screen, ModelManifest manifest) =>
        screen.Result(manifest, console => console.WriteLine($"{manifest.Version} is in force"));
}
