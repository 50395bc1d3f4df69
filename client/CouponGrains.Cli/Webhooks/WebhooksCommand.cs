using System.Globalization;
using CouponGrains.Contracts;
using CouponGrains.Contracts.Shop;
using CouponGrains.Contracts.Webhooks;
using CouponGrains.Domain;

namespace CouponGrains.Cli.Webhooks;

/// <summary><c>coupons webhooks list|create|rotate|enable|delete|test|replay|deliveries</c>: endpoints of the shop that
/// are told what happens.</summary>
internal static class WebhooksCommand
{
    private static readonly Argument<string> Id = new("ENDPOINT") { Description = "The endpoint's id" };
    private static readonly Argument<string> Url = new("URL") { Description = "Where messages are posted to" };

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "What it is told, for example coupon.redeemed; repeat for more; all if left out",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "From when on, for example 2026-11-24T00:00:00Z", Required = true,
    };

    public static Command Build() => Verb.Group("webhooks", "Endpoints of the shop that are told what happens",
        Verb.Online("list", "All endpoints", [], List),
        Verb.Online("create", "Tell an endpoint from now on; prints its secret", [Id, Url, Types], Create),
        Change("rotate", "Give it a new secret; the old one signs too for a day", (grain, cancel) => grain.Rotate(cancel)),
        Change("enable", "Tell it again after it was disabled", (grain, cancel) => grain.Enable(cancel)),
        Change("delete", "Tell it nothing any more", (grain, cancel) => grain.Delete(cancel)),
        Verb.Online("test", "Send it a message that tells of nothing", [Id], Test),
        Verb.Online("replay", "Send again all that happened since an instant", [Id, Since], Replay),
        Verb.Online("deliveries", "The newest messages and what became of them", [Id], Deliveries));

    private static IWebhookGrain Grain(ParseResult parsed, IClusterClient client) => IdRules.IsValid(parsed.GetValue(Id))
        ? client.GetGrain<IWebhookGrain>(parsed.GetValue(Id)!)
        : throw new RefusedException(RefusalCodes.InvalidId, "An endpoint's id has 1 to 128 characters.");

    private static async Task List(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var list = await client.GetGrain<IShopGrain>(0).Webhooks(cancel);
        screen.Result(list, console => console.Write(Screen.Grid(
            ["endpoint", "url", "told", "status", "failing since"],
            list.Endpoints.Select(e => new[]
            {
                e.Id, e.Url, e.Types.Count == 0 ? "all" : string.Join(" ", e.Types), e.Status.ToString(),
                $"{e.FailingSince:u}",
            }))));
    }

    private static async Task Create(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel) =>
        Show(screen, await Grain(parsed, client).Create(parsed.GetValue(Url)!, parsed.GetValue(Types)!, cancel));

    private static Command Change(
        string name, string description, Func<IWebhookGrain, CancellationToken, Task<Answer<WebhookView>>> change) =>
        Verb.Online(name, description, [Id], async (parsed, client, screen, cancel) =>
            Show(screen, await change(Grain(parsed, client), cancel)));

    private static async Task Test(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var sent = Screen.Take(await Grain(parsed, client).Test(cancel));
        screen.Result(sent, console => console.WriteLine("sent; coupons webhooks deliveries tells what became of it"));
    }

    private static async Task Replay(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        if (!DateTimeOffset.TryParse(
            parsed.GetValue(Since), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
        {
            throw new RefusedException(RefusalCodes.InvalidValue, "--since is an instant, as in 2026-11-24T00:00:00Z.");
        }

        var replay = Screen.Take(await Grain(parsed, client).Replay(since, cancel));
        screen.Result(replay, console => console.WriteLine($"{replay.Messages:N0} messages are sent again"));
    }

    private static async Task Deliveries(ParseResult parsed, IClusterClient client, Screen screen, CancellationToken cancel)
    {
        var list = Screen.Take(await Grain(parsed, client).Deliveries(cancel));
        screen.Result(list, console => console.Write(Screen.Grid(
            ["message", "type", "at", "state", "#tries", "next", "last"],
            list.Deliveries.Select(d => new[]
            {
                d.Message, d.Type, $"{d.At:u}", d.State.ToString(), $"{d.Attempts}", $"{d.NextAt:u}", d.Last ?? "",
            }))));
    }

    private static void Show(Screen screen, Answer<WebhookView> answer)
    {
        var view = Screen.Take(answer);
        screen.Result(view, console =>
        {
            console.WriteLine($"{view.Id}: {view.Url}, {view.Status}");
            if (view.Secret is { } secret)
            {
                console.WriteLine($"secret (told once): {secret}");
            }
        });
    }
}
