using CouponGrains.Client;
using CouponGrains.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CouponGrains.Cli;

/// <summary>A running CouponGrains: a silo by its gateway, or over HTTP any process that serves the API.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>Where the key of the API is read from. A command line is seen by every user of the machine.</summary>
    public const string KeyVariable = "COUPONS_KEY";

    /// <summary>Where the address is read from that <c>--url</c> would say.</summary>
    public const string UrlVariable = "COUPONS_URL";

    /// <summary>Where the file is read from that <c>--ca</c> would name.</summary>
    public const string AuthorityVariable = "COUPONS_CA";

    /// <summary>Where a process serves the API that was started without options.</summary>
    public const string UrlUsual = "http://127.0.0.1:8080";

    private readonly ServiceProvider _services;
    private readonly Gateway? _gateway;
    private readonly string _address;

    private Server(ServiceProvider services, Gateway? gateway, string address) =>
        (_services, _gateway, _address) = (services, gateway, address);

    /// <summary>The client.</summary>
    public ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();

    /// <summary>What is had as a file; over HTTP alone.</summary>
    public IExportsClient Exports => _services.GetRequiredService<IExportsClient>();

    /// <summary>What a variable of the environment says, or null.</summary>
    public static string? Told(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } told ? told.Trim() : null;

    /// <summary>Connects with a silo. Throws <see cref="NoSiloException"/> if nothing answers.</summary>
    public static async Task<Server> Through(string gateway, CancellationToken cancel)
    {
        var connection = await Gateway.Connect(gateway, cancel);
        return new(
            new ServiceCollection().AddSingleton(connection.Client).AddCouponsOrleansClient().BuildServiceProvider(),
            connection, $"the silo at {gateway}");
    }

    /// <summary>Speaks HTTP. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/> for an
    /// address or a file that cannot be used, and where the key would travel readable by others.</summary>
    public static Server At(string url, string? authority)
    {
        var key = Told(KeyVariable);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw Bad($"The server's URL is '{url}', but must begin with http:// or https://.");
        }

        if (key is not null && address.Scheme == "http" && !address.IsLoopback)
        {
            throw Bad($"{KeyVariable} would be sent to {address.Host} readable by anybody on the way; use https.");
        }

        if (authority is not null && address.Scheme == "http")
        {
            throw Bad("--ca goes with an https address.");
        }

        var services = new ServiceCollection().AddCouponsClient(options =>
        {
            options.Address = address;
            options.Key = key;
            options.CertificateAuthorityFile = authority;
            options.TryTimeout = TimeSpan.FromMinutes(2); // As long as a design or a simulation may take.
            options.Timeout = TimeSpan.FromMinutes(2);
        }).BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<CouponsClientOptions>>().Value;
        }
        catch (OptionsValidationException e)
        {
            services.Dispose();
            throw Bad(string.Join(' ', e.Failures));
        }

        return new(services, null, url);
    }

    /// <summary>What became of a call that failed: a refusal, or that nobody answers.</summary>
    public Exception Told(CouponsException e) => e.Code == RefusalCodes.Unavailable
        ? new NoSiloException($"{_address} does not answer: {e.Refusal.Detail}")
        : new RefusedException(e.Code switch
        {
            RefusalCodes.Unauthenticated => More(e.Refusal, $"The key is read from {KeyVariable}."),
            RefusalCodes.Forbidden => More(e.Refusal, $"Another key, of more scopes, goes into {KeyVariable}."),
            RefusalCodes.RevisionChanged => More(e.Refusal, "The same command reads it again."),
            _ => e.Refusal,
        });

    /// <summary>That the silo stopped answering.</summary>
    public NoSiloException Gone(Exception e) => new($"{_address} stopped answering ({e.GetType().Name})");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    private static Refusal More(Refusal refusal, string what) => refusal with { Detail = $"{refusal.Detail} {what}" };

    private static RefusedException Bad(string detail) => new(RefusalCodes.BadOption, detail);
}
