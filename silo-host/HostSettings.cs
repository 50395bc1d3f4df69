using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using CouponGrains.Api;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;

namespace CouponGrains.SiloHost;

/// <summary>What the process is asked to be: the command line first, then the environment, then
/// <c>appsettings.json</c>.</summary>
internal sealed record HostSettings
{
    /// <summary>The folder of the embedded store, created if there is none.</summary>
    public string Data { get; init; } = Path.GetFullPath("data");

    /// <summary>The PostgreSQL database that is the store instead, as Npgsql reads it; null for the embedded one. A
    /// secret: it may hold a password.</summary>
    public string? Connection { get; init; }

    /// <summary>Where the data is, for people.</summary>
    public string Where => Connection is null ? $"data in {Data}" : "data in PostgreSQL";

    /// <summary>The address at which other silos and clients reach this one.</summary>
    public IPAddress SiloAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Answers users: API, profiles, ranking, coupons.</summary>
    public bool Serves { get; init; } = true;

    /// <summary>Trains models; without it libtorch is never loaded.</summary>
    public bool Trains { get; init; } = true;

    /// <summary>The roles in one word.</summary>
    public string Roles => (Serves, Trains) switch
    {
        (true, true) => "serves and trains",
        (true, false) => "serves",
        _ => "trains",
    };

    /// <summary>Where HTTP is answered.</summary>
    public Front Front { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>How often one caller may ask.</summary>
    public RateOptions Rates { get; init; } = new(0, 0);

    /// <summary>The HTTP port.</summary>
    public int Port => Front.Port;

    /// <summary>The port between silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port of Orleans clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>True if the Orleans dashboard is mapped.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>The folder of the sample shop that an empty store is filled with, or null for none.</summary>
    public string? SampleShop { get; init; } = CarriedShop;

    /// <summary>How often a model is trained; zero never.</summary>
    public TimeSpan TrainEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many new events start a training run before its time; 0 never.</summary>
    public int TrainAfterEvents { get; init; } = 1_000_000;

    /// <summary>How many new outcomes of coupons start a training run before its time; 0 never.</summary>
    public int TrainAfterOutcomes { get; init; } = 20_000;

    /// <summary>The most coupons that a user is issued in any 24 hours, over all campaigns; 0 for no cap.</summary>
    public int CouponsPerDay { get; init; }

    /// <summary>The most coupons that a user is issued in any 7 days, over all campaigns; 0 for no cap.</summary>
    public int CouponsPerWeek { get; init; }

    /// <summary>Budgets above which it takes two persons to let a campaign spend.</summary>
    public IReadOnlyList<Money> ApprovalAbove { get; init; } = [];

    /// <summary>Rank of the first model.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>Epochs of the first model's generator.</summary>
    public int OfferEpochs { get; init; } = 300;

    /// <summary>True if webhook endpoints may be on this machine or a private network, and without TLS.</summary>
    public bool PrivateWebhooks { get; init; }

    /// <summary>The sample shop that the program carries.</summary>
    public static string CarriedShop => Path.Combine(AppContext.BaseDirectory, "SampleShop");

    /// <summary>Reads the settings. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/> for
    /// a value that is not acceptable.</summary>
    public static HostSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(HostArguments.Section);
        var roles = (section["Roles"] ?? "serve,train").Split([',', '+', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (roles.Length == 0 || roles.Any(role => role is not ("serve" or "train")))
        {
            throw Bad("roles", section["Roles"], "serve, train or serve,train");
        }

        var defaults = new HostSettings();
        var front = Front.Read(section);
        var connection = Database(section["Store"], section["Connection"]);
        var settings = new HostSettings
        {
            Data = Path.GetFullPath(section["Data"] is { Length: > 0 } data ? data : "data"),
            Connection = connection,
            SiloAddress = Address(section["SiloAddress"]),
            Serves = roles.Contains("serve"),
            Trains = roles.Contains("train"),
            Front = front,
            Rates = RateLimitSettings.Read(section, front),
            SiloPort = Whole(section, "SiloPort", 1, 65_535, defaults.SiloPort),
            GatewayPort = Whole(section, "GatewayPort", 1, 65_535, defaults.GatewayPort),
            Dashboard = Switch(section, "Dashboard", defaults.Dashboard),
            PrivateWebhooks = Switch(section, "PrivateWebhooks", false),
            SampleShop = Shop(section["SampleShop"] ?? (connection is null ? "on" : "off")),
            TrainEvery = Period(section["TrainEvery"], defaults.TrainEvery),
            TrainAfterEvents = Whole(section, "TrainAfterEvents", 0, int.MaxValue, defaults.TrainAfterEvents),
            TrainAfterOutcomes = Whole(section, "TrainAfterOutcomes", 0, int.MaxValue, defaults.TrainAfterOutcomes),
            CouponsPerDay = Whole(section, "CouponsPerDay", 0, 1_000, defaults.CouponsPerDay),
            CouponsPerWeek = Whole(section, "CouponsPerWeek", 0, 1_000, defaults.CouponsPerWeek),
            ApprovalAbove = Amounts(section["ApprovalAbove"]),
            Rank = Whole(section, "Rank", 1, 512, defaults.Rank),
            OfferEpochs = Whole(section, "OfferEpochs", 0, 10_000, defaults.OfferEpochs),
        };
        return settings.Port != settings.SiloPort && settings.Port != settings.GatewayPort
            && settings.SiloPort != settings.GatewayPort
            ? settings
            : throw Bad("port", section["Port"], "three different ports");
    }

    private static int Whole(IConfiguration section, string name, int min, int max, int otherwise) =>
        section[name] switch
    {
        null => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max => value,
        var text => throw Bad(name, text, $"a whole number from {min} to {max}"),
    };

    private static bool Switch(IConfiguration section, string name, bool otherwise) => section[name] switch
    {
        null => otherwise,
        "on" or "true" => true,
        "off" or "false" => false,
        var text => throw Bad(name, text, "on or off"),
    };

    /// <summary>The connection string of the store, which the messages never repeat.</summary>
    private static string? Database(string? store, string? connection) => (store, connection) switch
    {
        (null or "sqlite", null or "") => null,
        (null or "postgres", { Length: > 0 }) => connection,
        ("postgres", _) => throw new RefusedException(
            RefusalCodes.BadOption, "store is 'postgres', but connection does not say where the database is."),
        ("sqlite", _) => throw new RefusedException(
            RefusalCodes.BadOption, "store is 'sqlite', but connection names a PostgreSQL database."),
        _ => throw Bad("store", store, "sqlite or postgres"),
    };

    private static IPAddress Address(string? text) => text switch
    {
        null => IPAddress.Loopback,
        "auto" => NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            ?? throw Bad("silo-address", text, "an address: this machine has none but loopback"),
        _ when IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any)
            && !address.Equals(IPAddress.IPv6Any) => address,
        _ => throw Bad("silo-address", text, "auto or the address at which other silos reach this one"),
    };

    /// <summary>Whole amounts of major units, each with its currency.</summary>
    private static Money[] Amounts(string? text)
    {
        var amounts = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(amount => amount.Length > 3 && Currency.IsValid(amount[^3..])
                && uint.TryParse(amount[..^3].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                ? new Money(major * (long)Math.Pow(10, new Currency(amount[^3..]).Digits), new(amount[^3..]))
                : throw Bad("approval-above", text, "whole amounts with their currencies, as in 10000USD,70000CNY"))
            .ToArray();
        return amounts.DistinctBy(amount => amount.Currency).Count() == amounts.Length
            ? amounts
            : throw Bad("approval-above", text, "one amount of a currency");
    }

    private static string? Shop(string text) => text switch
    {
        "on" => CarriedShop,
        "off" => null,
        _ when Directory.Exists(text) => Path.GetFullPath(text),
        _ => throw Bad("sample-shop", text, "on, off or a folder that exists"),
    };

    private static TimeSpan Period(string? text, TimeSpan otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        var unit = text.Length > 1 ? text[^1] : ' ';
        var digits = text.AsSpan(0, Math.Max(0, text.Length - 1));
        var number = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        return (unit, number) switch
        {
            _ when text is "0" or "off" => TimeSpan.Zero,
            ('m', > 0 and <= 100_000) => TimeSpan.FromMinutes(number),
            ('h', > 0 and <= 10_000) => TimeSpan.FromHours(number),
            ('d', > 0 and <= 365) => TimeSpan.FromDays(number),
            _ => throw Bad("train-every", text, "off, or a number with m, h or d, for example 24h"),
        };
    }

    private static RefusedException Bad(string name, string? value, string expected) =>
        new(RefusalCodes.BadOption, $"{name} is '{value}', but must be {expected}.");
}
