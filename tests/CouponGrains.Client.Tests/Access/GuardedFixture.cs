using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CouponGrains.Api;
using CouponGrains.Contracts.Coupons;
using CouponGrains.Domain.Access;
using CouponGrains.Grains;
using CouponGrains.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace CouponGrains.Client.Tests.Access;

/// <summary>A silo with the API that asks for keys, on a free port, and all that it logged.</summary>
public sealed class GuardedFixture : IAsyncLifetime
{
    public const string AdminKey = "an-admin-key-of-the-operators-own-making";

    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-guard-").FullName;
    private readonly LogKept _log = new();
    private SqliteStore _store = null!;
    private SqliteGrainStore _grainStore = null!;
    private WebApplication _app = null!;

    public HttpClient Http { get; } = new();

    /// <summary>The identity provider of its operators.</summary>
    internal Issuer Issuer { get; private set; } = null!;

    /// <summary>Every line that was logged.</summary>
    public string Log => _log.ToString();

    /// <summary>Method and pattern of every route that there is.</summary>
    public IReadOnlyList<(string Method, string Pattern)> Routes =>
    [
        .. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => (method, route.RoutePattern.RawText!))),
    ];

    public async ValueTask InitializeAsync()
    {
        Issuer = await Issuer.Start();
        _store = SqliteStore.Open(_folder, TimeProvider.System, NullLoggerFactory.Instance);
        _grainStore = SqliteGrainStore.Prepare(_folder, TimeProvider.System, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(_log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_store.Events).AddSingleton(_store.Users).AddSingleton(_store.Catalog);
        services.AddSingleton(_store.Campaigns).AddSingleton(_store.Ledger).AddSingleton(_store.Codes);
        services.AddSingleton(_store.Webhooks).AddSingleton(_store.Keys).AddSingleton(_store.Reports)
            .AddSingleton(_store.Approvals).AddSingleton(_store.Imports);
        services.AddSingleton(_store.Models).AddSingleton(_store.Audit);
        services.AddCouponGrainsApi(new() { Heartbeat = TimeSpan.FromMilliseconds(200) }, new()
        {
            KeysRequired = true, Issuer = Issuer.Address, AdminKeyHash = KeySecret.Hash(AdminKey),
            KeyMemory = TimeSpan.FromMilliseconds(200),
            SignIn = new(Issuer.Client) { ClientSecret = Issuer.Secret },
        });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.UseInMemoryReminderService();
            silo.AddAdoNetGrainStorage(GrainsHosting.StorageName, Sqlite);
            silo.AddAdoNetGrainStorage("PubSubStore", Sqlite);
            silo.AddMemoryStreams(PushStream.Provider);
            silo.AddCouponGrains(trains: false);
        });
        _app = builder.Build();
        _app.MapCouponGrains();
        _app.MapGet("/v1/forgotten", () => "nobody wrote a line for it");
        await _app.StartAsync();
        Http.BaseAddress = new(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _grainStore.DisposeAsync();
        await _store.DisposeAsync();
        await Issuer.DisposeAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sends a request with a key.</summary>
    public async Task<Reply> Send(
        string method, string path, string? key, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Content = body is null
            ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new(
            response.StatusCode, isJson ? JsonDocument.Parse(content).RootElement : default,
            response.Headers.WwwAuthenticate.ToString(),
            response.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Makes a key and answers its id and secret.</summary>
    public async Task<(string Id, string Secret)> Make(object body, string path = "/v1/keys")
    {
        var made = (await Send("POST", path, AdminKey, body)).Is(HttpStatusCode.Created).Body;
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    /// <summary>A browser: it keeps cookies and follows where it is sent.</summary>
    internal Browser Open() => new(Http.BaseAddress!);

    private void Sqlite(AdoNetGrainStorageOptions options) =>
        (options.Invariant, options.DataSource) = (SqliteGrainStore.Invariant, _grainStore);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What was answered.</summary>
    public sealed record Reply(
        HttpStatusCode Status, JsonElement Body, string Challenge, IReadOnlyDictionary<string, string> Headers)
    {
        public string Code => Body.GetProperty("code").GetString()!;

        public Reply Is(HttpStatusCode status)
        {
            Assert.True(Status == status, $"Expected {status}, but got {Status}: {Body}");
            return this;
        }
    }

    private sealed class LogKept : ILoggerProvider, ILogger
    {
        private readonly StringBuilder _lines = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.AppendLine(formatter(state, exception)).Append(exception);
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }

        public override string ToString()
        {
            lock (_lines)
            {
                return _lines.ToString();
            }
        }
    }
}
