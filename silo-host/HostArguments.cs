using CouponGrains.Api.Hosting;
using CouponGrains.Domain;

namespace CouponGrains.SiloHost;

/// <summary>The command line.</summary>
internal static class HostArguments
{
    /// <summary>The section of the configuration that holds the settings; in the environment <c>CouponGrains__Port</c>
    /// and so on.</summary>
    public const string Section = Arguments.Section;

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        CouponGrains: one process that serves personalised coupons and trains the models behind them.

          --data FOLDER          the embedded store; created if there is none     (data)
          --store WHAT           sqlite, embedded; or postgres, for several silos (sqlite)
          --connection STRING    the PostgreSQL database; better given in the environment as
                                 CouponGrains__Connection, where other users do not see it
          --port N               HTTP: API, page, dashboard                       (8080)
          --listen ADDRESS       where HTTP is answered                           (127.0.0.1)
          --hosts LIST           names that requests may call it by               (any; loopback: its own)
          --certificate FILE     TLS: the certificate and its chain, as PEM       (none)
          --certificate-key FILE its key, as PEM                                  (none)
          --tls-proxy on|off     whether a proxy in front ends TLS                (off)
          --reads-per-minute N   of one caller; 0 for no limit                    (60000, 0 on loopback)
          --writes-per-minute N  of one caller; 0 for no limit                    (30000, 0 on loopback)
          --strangers-per-minute N  wrong keys of one address; 0 for no limit     (120, 0 on loopback)
          --silo-address ADDRESS where silos and clients reach this one, or auto  (127.0.0.1)
          --silo-port N          between silos                                    (11111)
          --gateway-port N       for Orleans clients                              (30000)
          --roles LIST           serve, train or serve,train                      (serve,train)
          --dashboard on|off     the Orleans dashboard under /dashboard           (on)
          --sample-shop WHAT     fills an empty store: on, off or a folder        (on, off with postgres)
          --train-every PERIOD   off, or for example 30m, 24h, 7d                 (1d)
          --train-after-events N    so many new events train before that; 0 never   (1000000)
          --train-after-outcomes N  so many redeemed, run out, rated; 0 never    (20000)
          --coupons-per-day N    to one user in any 24 hours; 0 for no cap        (0)
          --coupons-per-week N   to one user in any 7 days; 0 for no cap          (0)
          --approval-above LIST  budgets above which a second person must approve (none)
                                 a campaign, as in 10000USD,70000CNY
          --rank K               rank of the first model, 1 to 512                (64)
          --offer-epochs N       epochs of its generator of offers                (300)
          --keys off|required    whether the API asks for a key                   (off)
          --admin-key-file FILE  holds a secret that may do all, to make the first keys with
          --issuer URL           the identity provider whose tokens operators send
          --audience NAME        for whom these tokens must be                    (coupongrains)
          --role-claim NAME      their claim with the role                        (roles)
          --client-id ID         signs people in to the pages as this client of the issuer
          --client-secret-file FILE  holds what the client proves to be itself with
          --session-keys FOLDER  seals sessions; the same for all processes       (in memory)
          --pseudonyms on|off    keeps users by a keyed hash of the shop's ids    (off)
          --pseudonym-key-file FILE  holds its key, the same for all processes    (in the data folder)
          --metrics WHAT         /metrics for Prometheus: on, open (no key) or off (on)
          --otlp URL             sends traces to a collector, or off              (off)
          --trace-share SHARE    share of requests that are traced, 0 to 1        (1)
          --logs text|json       how log lines are written                        (text)
          --probe URL            asks a running process's probe, and does nothing else
          --private-webhooks on|off  endpoints on private networks, without TLS   (off)
          --help                 this page
        """;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["--data"] = "Data",
        ["--store"] = "Store",
        ["--connection"] = "Connection",
        ["--port"] = "Port",
        ["--listen"] = "Listen",
        ["--hosts"] = "Hosts",
        ["--certificate"] = "Certificate",
        ["--certificate-key"] = "CertificateKey",
        ["--tls-proxy"] = "TlsProxy",
        ["--reads-per-minute"] = "ReadsPerMinute",
        ["--writes-per-minute"] = "WritesPerMinute",
        ["--strangers-per-minute"] = "StrangersPerMinute",
        ["--silo-address"] = "SiloAddress",
        ["--silo-port"] = "SiloPort",
        ["--gateway-port"] = "GatewayPort",
        ["--roles"] = "Roles",
        ["--dashboard"] = "Dashboard",
        ["--sample-shop"] = "SampleShop",
        ["--train-every"] = "TrainEvery",
        ["--train-after-events"] = "TrainAfterEvents",
        ["--train-after-outcomes"] = "TrainAfterOutcomes",
        ["--coupons-per-day"] = "CouponsPerDay",
        ["--coupons-per-week"] = "CouponsPerWeek",
        ["--approval-above"] = "ApprovalAbove",
        ["--rank"] = "Rank",
        ["--offer-epochs"] = "OfferEpochs",
        ["--keys"] = "Keys",
        ["--admin-key-file"] = "AdminKeyFile",
        ["--issuer"] = "Issuer",
        ["--audience"] = "Audience",
        ["--role-claim"] = "RoleClaim",
        ["--client-id"] = "ClientId",
        ["--client-secret-file"] = "ClientSecretFile",
        ["--session-keys"] = "SessionKeys",
        ["--pseudonyms"] = "Pseudonyms",
        ["--pseudonym-key-file"] = "PseudonymKeyFile",
        ["--metrics"] = "Metrics",
        ["--otlp"] = "Otlp",
        ["--trace-share"] = "TraceShare",
        ["--logs"] = "Logs",
        ["--private-webhooks"] = "PrivateWebhooks",
    };

    /// <summary>The arguments as settings. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> arguments) =>
        Arguments.Parse(arguments, Names);
}
