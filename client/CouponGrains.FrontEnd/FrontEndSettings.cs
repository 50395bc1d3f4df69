using System.Net;
using System.Net.Sockets;
using CouponGrains.Api;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;

namespace CouponGrains.FrontEnd;

/// <summary>What the process is asked to be: the command line first, then the environment, then
/// <c>appsettings.json</c>.</summary>
/// <param name="Front">Where HTTP is answered.</param>
/// <param name="Rates">How often one caller may ask.</param>
/// <param name="Gateways">Silos to talk to, where <paramref name="Connection"/> does not name the cluster.</param>
/// <param name="Connection">The database in which the silos of the cluster stand, or null.</param>
internal sealed record FrontEndSettings(
    Front Front, RateOptions Rates, IReadOnlyList<IPEndPoint> Gateways, string? Connection)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        CouponGrains front end: the HTTP API and the pages, on the silos of a cluster.

          --port N               HTTP                                             (8080)
          --listen ADDRESS       where HTTP is answered                           (127.0.0.1)
          --hosts LIST           names that requests may call it by               (any; loopback: its own)
          --certificate FILE     TLS: the certificate and its chain, as PEM       (none)
          --certificate-key FILE its key, as PEM                                  (none)
          --tls-proxy on|off     whether a proxy in front ends TLS                (off)
          --reads-per-minute N   of one caller; 0 for no limit                    (60000, 0 on loopback)
          --writes-per-minute N  of one caller; 0 for no limit                    (30000, 0 on loopback)
          --strangers-per-minute N  wrong keys of one address; 0 for no limit     (120, 0 on loopback)
          --gateways LIST        silos, as HOST:PORT,HOST:PORT                    (127.0.0.1:30000)
          --connection STRING    finds the silos in their PostgreSQL database instead; better given in the
                                 environment as CouponGrains__Connection, where other users do not see it
          --keys off|required    whether the API asks for a key                   (off)
          --admin-key-file FILE  holds a secret that may do all, to make the first keys with
          --issuer URL           the identity provider whose tokens operators send
          --audience NAME        for whom these tokens must be                    (coupongrains)
          --role-claim NAME      their claim with the role                        (roles)
          --client-id ID         signs people in to the pages as this client of the issuer
          --client-secret-file FILE  holds what the client proves to be itself with
          --session-keys FOLDER  seals sessions; the same for all processes       (in memory)
          --pseudonyms on|off    keeps users by a keyed hash of the shop's ids    (off)
          --pseudonym-key-file FILE  holds its key, the same for all processes
          --metrics WHAT         /metrics for Prometheus: on, open (no key) or off (on)
          --otlp URL             sends traces to a collector, or off              (off)
          --trace-share SHARE    share of requests that are traced, 0 to 1        (1)
          --logs text|json       how log lines are written                        (text)
          --probe URL            asks a running process's probe, and does nothing else
          --help                 this page
        """;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["--port"] = "Port",
        ["--listen"] = "Listen",
        ["--hosts"] = "Hosts",
        ["--certificate"] = "Certificate",
        ["--certificate-key"] = "CertificateKey",
        ["--tls-proxy"] = "TlsProxy",
        ["--reads-per-minute"] = "ReadsPerMinute",
        ["--writes-per-minute"] = "WritesPerMinute",
        ["--strangers-per-minute"] = "StrangersPerMinute",
        ["--gateways"] = "Gateways",
        ["--connection"] = "Connection",
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
    };

    /// <summary>The arguments as settings. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> arguments) =>
        Arguments.Parse(arguments, Names);

    /// <summary>Reads the settings. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/> for
    /// a value that is not acceptable.</summary>
    public static FrontEndSettings Read(IConfiguration section)
    {
        var connection = section["Connection"] is { Length: > 0 } text ? text : null;
        var front = Front.Read(section);
        return new(
            front,
            RateLimitSettings.Read(section, front),
            connection is null ? Endpoints(section["Gateways"] ?? "127.0.0.1:30000") : [],
            connection);
    }

    private static IPEndPoint[] Endpoints(string list)
    {
        var parts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 ? [.. parts.SelectMany(Resolve)] : throw Bad(list);
    }

    private static IEnumerable<IPEndPoint> Resolve(string gateway)
    {
        if (IPEndPoint.TryParse(gateway, out var endpoint) && endpoint.Port > 0)
        {
            return [endpoint];
        }

        if (gateway.Split(':') is not [{ Length: > 0 } host, var number]
            || !ushort.TryParse(number, out var port) || port == 0)
        {
            throw Bad(gateway);
        }

        try
        {
            return Dns.GetHostAddresses(host, AddressFamily.InterNetwork)
                .Select(address => new IPEndPoint(address, port));
        }
        catch (SocketException)
        {
            throw new RefusedException(RefusalCodes.BadOption, $"There is no host {host}.");
        }
    }

    private static RefusedException Bad(string value) => new(
        RefusalCodes.BadOption, $"gateways is '{value}', but must be a list of HOST:PORT, as in 127.0.0.1:30000.");
}
