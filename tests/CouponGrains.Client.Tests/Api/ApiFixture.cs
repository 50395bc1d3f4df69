using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CouponGrains.Api;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain.Models;
using CouponGrains.Grains;
using CouponGrains.Grains.Tests;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Training.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace CouponGrains.Client.Tests.Api;

/// <summary>A silo, the real embedded store in a folder of its own, and the API on a free port.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-api-").FullName;
    private readonly ShiftedTime _time = new();
    private SqliteStore _store = null!;
    private SqliteGrainStore _grainStore = null!;
    private WebApplication _app = null!;
    private readonly int _gateway = FreePort();
    private int _number;

    public HttpClient Http { get; } = new();

    /// <summary>The Orleans client of the silo.</summary>
    public IClusterClient Cluster => _app.Services.GetRequiredService<IClusterClient>();

    /// <summary>Where the silo lets clients in.</summary>
    public string Gateway => $"127.0.0.1:{_gateway}";

    /// <summary>What the clock of all of it shows.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(_folder, _time, NullLoggerFactory.Instance);
        _grainStore = SqliteGrainStore.Prepare(_folder, _time, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(_store.Events);
        services.AddSingleton(_store.Users);
        services.AddSingleton(_store.Catalog);
        services.AddSingleton(_store.Campaigns);
        services.AddSingleton(_store.Ledger);
        services.AddSingleton(_store.Codes);
        services.AddSingleton(_store.Webhooks);
        services.AddSingleton(_store.Keys);
        services.AddSingleton(_store.Reports);
        services.AddSingleton(_store.Audit);
        services.AddSingleton(_store.Approvals);
        services.AddSingleton(_store.Imports);
        services.AddSingleton(_store.Models);
        services.AddSingleton<ITrainer, ModelTrainer>();
        services.AddCouponGrainsApi(new() { Heartbeat = TimeSpan.FromMilliseconds(200) });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), _gateway, null, "coupongrains", "coupongrains");
            silo.UseInMemoryReminderService();
            // Where the clock is moved on while a grain is made, its end would lie in what is past then, and it would
            // not be made.
            silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromDays(3_650));
            silo.AddAdoNetGrainStorage(GrainsHosting.StorageName, Sqlite);
            silo.AddAdoNetGrainStorage("PubSubStore", Sqlite);
            silo.AddMemoryStreams(PushStream.Provider);
            silo.UseSiloMetadata(new Dictionary<string, string> { ["role.serve"] = "true", ["role.train"] = "true" });
            silo.AddActivityPropagation();
            silo.AddCouponGrains(trains: true, o => o.ApprovalAbove = [new(1_000, new("XTS"))]);
        });
        _app = builder.Build();
        _app.MapCouponGrains();
        await _app.StartAsync();
        Http.BaseAddress = new(_app.Urls.Single());
    }

    private void Sqlite(AdoNetGrainStorageOptions options)
    {
        options.Invariant = SqliteGrainStore.Invariant;
        options.DataSource = _grainStore;
    }

    /// <summary>Sets the clock forward: coupons run out.</summary>
    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>Method and address of every route of the API, in the words of the routing.</summary>
    public IReadOnlyList<string> Routes =>
    [
        .. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {route.RoutePattern.RawText}")),
    ];

    /// <summary>Ends the application as Ctrl-C does.</summary>
    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _grainStore.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A name that no other test uses.</summary>
    public string Name(string prefix) => $"{prefix}-{Interlocked.Increment(ref _number)}";

    /// <summary>Sends a body and answers status and JSON.</summary>
    public async Task<Answer> Send(
        HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new(
            response.StatusCode,
            content.Length == 0 ? default : JsonDocument.Parse(content).RootElement,
            response.Content.Headers.ContentType?.MediaType ?? "",
            response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : "",
            response.Headers.ETag?.Tag ?? "");
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object? body = null, params (string, string)[] headers) =>
        Send(HttpMethod.Post, path, body, headers);

    /// <summary>Some money.</summary>
    public static object Usd(long minor) => new { minor, currency = "USD" };

    /// <summary>A campaign that takes whole-cart offers of a tenth, active, with one such offer. Answers its
    /// id.</summary>
    public async Task<string> Campaign(long budget = 100_00)
    {
        var id = Name("campaign");
        (await Post("/v1/campaigns", CampaignBody(id, budget))).Is(HttpStatusCode.Created);
        (await Post($"/v1/campaigns/{id}/offers", new { offers = new[] { OfferBody(id + "-tenth") } }))
            .Is(HttpStatusCode.OK);
        (await Post($"/v1/campaigns/{id}/activate")).Is(HttpStatusCode.OK);
        return id;
    }

    public static object CampaignBody(string id, long budget = 100_00) => new
    {
        id, name = "Campaign " + id, start = "2020-01-01T00:00:00Z", end = "2099-01-01T00:00:00Z", budget = Usd(budget),
        guardrails = new
        {
            cap = Usd(50_00), minimumSpendMin = Usd(0), minimumSpendMax = Usd(20_00), amountStep = Usd(50),
            wholeCart = true,
        },
    };

    public static object OfferBody(string id) =>
        new { id, title = "A tenth off", kind = "percent_off", percentBasisPoints = 1_000 };

    public static object Cart(params (string Item, int Quantity, long Price)[] lines) => new
    {
        currency = "USD",
        lines = lines.Select(line => new { item = line.Item, quantity = line.Quantity, unitPrice = Usd(line.Price) }),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, string MediaType, string RequestId, string Tag)
{
    /// <summary>The text of a field, by its path.</summary>
    public string Text(params string[] path) => Find(path).ToString();

    public JsonElement Find(params string[] path) =>
        path.Aggregate(Body, (part, name) => int.TryParse(name, out var index) ? part[index] : part.GetProperty(name));

    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {status}, but was {Status}: {Body}");
        return this;
    }

    /// <summary>Fails unless this is a problem of RFC 9457 with the code.</summary>
    public Answer IsProblem(HttpStatusCode status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, Text("code"));
        Assert.Equal((int)status, Find("status").GetInt32());
        Assert.Equal("/problems/" + code, Text("type"));
        Assert.NotEqual("", Text("title"));
        Assert.NotEqual("", Text("detail"));
        Assert.Equal(RequestId, Text("requestId"));
        Assert.Contains(Find("retryable").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.DoesNotContain("   at ", Body.ToString());
        return this;
    }
}
