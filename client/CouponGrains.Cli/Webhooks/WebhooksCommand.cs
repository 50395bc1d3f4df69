using CouponGrains.Client;
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
        Change("rotate", "Give it a new secret; the old one signs too for a day",
            (client, id, cancel) => client.RotateWebhook(id, cancel)),
        Change("enable", "Tell it again after it was disabled",
            (client, id, cancel) => client.EnableWebhook(id, cancel)),
        Change("delete", "Tell it nothing any more", (client, id, cancel) => client.DeleteWebhook(id, cancel)),
        Verb.Online("test", "Send it a message that tells of nothing", [Id], Test),
        Verb.Online("replay", "Send again all that happened since an instant", [Id, Since], Replay),
        Verb.Online("deliveries", "The newest messages and what became of them", [Id], Deliveries));

    private static string Named(ParseResult parsed) => IdRules.IsValid(parsed.GetValue(Id))
        ? parsed.GetValue(Id)!
        : throw new RefusedException(RefusalCodes.InvalidId, "An endpoint's id has 1 to 128 characters.");

    private static async Task List(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var endpoints = await client.Webhooks(cancel).ToArrayAsync(cancel);
        screen.Result(new { endpoints }, console => console.Write(Screen.Grid(
            ["endpoint", "url", "told", "status", "failing since"],
            endpoints.Select(e => new[]
            {
                e.Id, e.Url, e.Types.Count == 0 ? "all" : string.Join(" ", e.Types), e.Status.ToString(),
                $"{e.FailingSince:u}",
            }))));
    }

    private static async Task Create(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel) =>
        Show(screen, await client.CreateWebhook(Named(parsed), parsed.GetValue(Url)!, parsed.GetValue(Types)!, cancel));

    private static Command Change(
        string name, string description, Func<ICouponsClient, string, CancellationToken, Task<WebhookView>> change) =>
        Verb.Online(name, description, [Id], async (parsed, client, screen, cancel) =>
            Show(screen, await change(client, Named(parsed), cancel)));

    private static async Task Test(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var sent = await client.TestWebhook(Named(parsed), cancel);
        screen.Result(sent, console => console.WriteLine("sent; coupons webhooks deliveries tells what became of it"));
    }

    private static async Task Replay(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var since = Instants.Parse(parsed.GetValue(Since), "--since")!.Value;
        var replay = await client.ReplayWebhook(Named(parsed), since, cancel);
        screen.Result(replay, console => console.WriteLine($"{replay.Messages:N0} messages are sent again"));
    }

    private static async Task Deliveries(
        ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var deliveries = await client.Deliveries(Named(parsed), cancel).ToArrayAsync(cancel);
        screen.Result(new { deliveries }, console => console.Write(Screen.Grid(
            ["message", "type", "at", "state", "#tries", "next", "last"],
            deliveries.Select(d => new[]
            {
                d.Message, d.Type, $"{d.At:u}", d.State.ToString(), $"{d.Attempts}", $"{d.NextAt:u}", d.Last ?? "",
            }))));
    }

    private static void Show(Screen screen, WebhookView view) => screen.Result(view, console =>
    {
        console.WriteLine($"{view.Id}: {view.Url}, {view.Status}");
        if (view.Secret is { } secret)
        {
            console.WriteLine($"secret (told once): {secret}");
        }
    });
}
