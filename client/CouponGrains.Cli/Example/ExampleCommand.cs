using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;

namespace CouponGrains.Cli.Example;

/// <summary><c>coupons example</c>: the brief's own example, step by step.</summary>
internal static class ExampleCommand
{
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Epochs = new("--epochs") { Description = "Epochs of the GAN", DefaultValueFactory = _ => 100 };

    public static Command Build() => Verb.Offline(
        "example", "100 users, 1,000 items: SVD, GAN, coupons for user 1, step by step", [Seed, Epochs], Run);

    private static async Task Run(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        LibTorchLoader.Ensure();
        var options = new BriefExampleOptions { Seed = parsed.GetValue(Seed), Epochs = Math.Clamp(parsed.GetValue(Epochs), 1, 100_000) };
        BriefExampleResult? result = null;
        await screen.Progress("training the GAN", report => Task.Run(
            () => result = BriefExample.Run(options, new Share(report), cancel), cancel));
        screen.Result(Document(result!), console => Show(console, result!));
    }

    private static object Document(BriefExampleResult result) => new
    {
        steps = result.Steps.Select(s => new { s.Name, s.Shapes, figures = s.Figures.ToDictionary(f => f.Name, f => f.Value) }),
        recommended = result.Recommended,
        byCosine = result.ByCosine,
    };

    private static void Show(IAnsiConsole console, BriefExampleResult result)
    {
        foreach (var (step, number) in result.Steps.Select((s, i) => (s, i + 1)))
        {
            console.WriteLine($"{number}. {step.Name}: {step.Shapes}");
            foreach (var (name, value) in step.Figures)
            {
                console.WriteLine($"     {name,-20} {value:G6}");
            }
        }

        Coupons(console, "Coupons for user 1 by U S V^T x C", result.Recommended);
        Coupons(console, "The first generated coupons for user 1 by the cosine of ten-component profiles", result.ByCosine);
    }

    private static void Coupons(IAnsiConsole console, string title, IReadOnlyList<BriefCoupon> coupons)
    {
        console.WriteLine();
        console.WriteLine(title);
        console.Write(Screen.Grid(["#coupon", "#score", "what"],
            coupons.Select(c => new[] { c.Number.ToString(), $"{c.Score:F4}", c.Offer.Title })));
    }

    private sealed class Share(Action<double, string> report) : IProgress<double>
    {
        public void Report(double value) => report(value, "training the GAN");
    }
}
