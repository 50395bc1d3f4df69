using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CouponGrains.Faults.Shopping;

/// <summary>The front ends as their clients see them. The one place where requests are made.</summary>
internal sealed class FrontEnds(IReadOnlyList<Uri> addresses, ClientLog log) : IDisposable
{
    /// <summary>How long a client waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly HttpClient[] _clients = [.. addresses.Select(address => new HttpClient(
        new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        BaseAddress = address, Timeout = Patience,
    })];

    public int Count => _clients.Length;

    /// <summary>Asks a front end for a wish, and writes both into the log.</summary>
    public async Task<Answer> Ask(Wish wish, int front)
    {
        var number = log.Ask(wish);
        var answer = await Send(wish, front);
        log.Answer(number, answer);
        return answer;
    }

    /// <summary>Sends a request that is no wish; answers its status, none if nothing came, and its body.</summary>
    public async Task<(HttpStatusCode? Status, JsonElement Body)> Send(
        HttpMethod method, string path, object? content, int front, int? revision = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (revision is not null)
            {
                request.Headers.IfMatch.Add(new($"\"{revision}\""));
            }

            request.Content = content is null ? null : JsonContent.Create(content);
            using var answer = await _clients[front].SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            return (null, default);
        }
    }

    /// <summary>The lines of a text, or null if it did not come.</summary>
    public async Task<IReadOnlyList<string>?> Lines(string path, int front)
    {
        try
        {
            return (await _clients[front].GetStringAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<Answer> Send(Wish wish, int front)
    {
        var (status, body) = await Send(
            HttpMethod.Post, PathOf(wish), ContentOf(wish), front, wish.Revision == 0 ? null : wish.Revision);
        return status switch
        {
            null => new(Answer.None),
            >= HttpStatusCode.BadRequest => new(body.GetProperty("code").GetString() ?? "no code"),
            _ => Read(wish.Kind, body),
        };
    }

    private static Answer Read(WishKind kind, JsonElement body) => kind switch
    {
        WishKind.Event or WishKind.Pause or WishKind.Resume => new(Answer.Done),
        WishKind.Return => new(Answer.Done, Minor: body.GetProperty("budgetBack").GetProperty("minor").GetInt64()),
        WishKind.Issue or WishKind.Claim or WishKind.ClaimShared or WishKind.ClaimFree =>
            new(Answer.Done, body.GetProperty("code").GetString()),
        _ => new(Answer.Done, body.GetProperty("code").GetString(),
            body.GetProperty("discount").GetProperty("total").GetProperty("minor").GetInt64()),
    };

    private static string PathOf(Wish wish) => wish.Kind switch
    {
        WishKind.Event => "/v1/events",
        WishKind.Issue => "/v1/publications",
        WishKind.Claim => $"/v1/coupons/{wish.Key}/claim",
        WishKind.Reserve => "/v1/reservations",
        WishKind.Confirm => $"/v1/reservations/{wish.Key}/confirm",
        WishKind.Release => $"/v1/reservations/{wish.Key}/release",
        WishKind.Redeem => "/v1/redemptions",
        WishKind.ClaimShared or WishKind.ClaimFree => $"/v1/coupons/{wish.Code}/claim",
        WishKind.Return => $"/v1/orders/{wish.Order}/returns",
        WishKind.Pause => $"/v1/campaigns/{wish.Campaign}/pause",
        WishKind.Resume => $"/v1/campaigns/{wish.Campaign}/activate",
        _ => $"/v1/redemptions/{wish.Key}/rollbacks",
    };

    private static object? ContentOf(Wish wish) => wish.Kind switch
    {
        WishKind.Event => new { id = wish.Key, user = wish.User, kind = "view", item = wish.Item, at = wish.At },
        WishKind.Issue => new { user = wish.User, campaign = wish.Campaign, offer = wish.Offer, key = wish.Key },
        WishKind.Reserve => new
        {
            user = wish.User, key = wish.Key, code = wish.Code, order = wish.Order, cart = CartOf(wish), holdSeconds = wish.Hold,
        },
        WishKind.Redeem => new
        {
            user = wish.User, key = wish.Key, code = wish.Code, order = wish.Order, cart = CartOf(wish),
        },
        WishKind.Return => new
        {
            user = wish.User, key = wish.Key, cart = CartOf(wish), now = new[] { wish.First, wish.Second },
        },
        WishKind.Pause or WishKind.Resume => null,
        _ => new { user = wish.User },
    };

    private static object CartOf(Wish wish) => new
    {
        currency = "USD",
        lines = new[]
        {
            LineOf("i-1", Wish.FirstPieces, wish.Price / 4),
            LineOf("i-2", Wish.SecondPieces, wish.Price - (Wish.FirstPieces * (wish.Price / 4))),
        },
    };

    private static object LineOf(string item, int quantity, long minor) =>
        new { item, quantity, unitPrice = new { minor, currency = "USD" } };
}
