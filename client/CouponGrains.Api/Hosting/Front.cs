using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api.Hosting;

/// <summary>Where a process answers HTTP.</summary>
/// <param name="Address">The address of this machine.</param>
/// <param name="Port">The port.</param>
public sealed record Front(IPAddress Address, int Port)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The names that requests may call it by; empty for any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The certificate that it shows, or null for HTTP without TLS.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>True if a proxy in front ends TLS and passes on the name that it was called by, and the address that it
    /// was called from.</summary>
    public bool TlsProxy { get; init; }

    /// <summary>True if callers reach it by TLS alone.</summary>
    public bool IsTls => Certificate is not null || TlsProxy;

    /// <summary><c>https</c> or <c>http</c>.</summary>
    public string Scheme => Certificate is null ? "http" : "https";

    /// <summary>Reads <c>Listen</c> and <c>Port</c> of a section: loopback, unless it is told otherwise. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>.</summary>
    public static Front Read(IConfiguration section)
    {
        var address = section["Listen"] switch
        {
            null => IPAddress.Loopback,
            var text when IPAddress.TryParse(text, out var parsed) => parsed,
            var text => throw Bad("listen", text, "an address of this machine, as in 127.0.0.1 or 0.0.0.0"),
        };
        var port = section["Port"] switch
        {
            null => 8080,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                && parsed is >= 1 and <= 65_535 => parsed,
            var text => throw Bad("port", text, "a whole number from 1 to 65535"),
        };
        var named = section["Hosts"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(address, port)
        {
            // Nobody else calls loopback by another name, but a page that wants to pass for one of ours.
            Hosts = (named, IPAddress.IsLoopback(address)) switch
            {
                ({ } names, true) => [.. Loopback, .. names],
                ({ } names, false) => names,
                (null, true) => Loopback,
                _ => [],
            },
            TlsProxy = section["TlsProxy"] switch
            {
                null or "off" => false,
                "on" => true,
                var text => throw Bad("tls-proxy", text, "on or off"),
            },
            Certificate = (section["Certificate"], section["CertificateKey"]) switch
            {
                (null or "", null or "") => null,
                ({ Length: > 0 } chain, { Length: > 0 } key) => new(chain, key, TimeProvider.System),
                _ => throw new RefusedException(
                    RefusalCodes.BadOption, "certificate and certificate-key go together: name both files, or none."),
            },
        };
    }

    /// <summary>Has the process listen there. Who sends his request too slowly is cut off.</summary>
    public void Open(ConfigureWebHostBuilder web) => web.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(Address, Port, listen =>
        {
            if (Certificate is { } certificate)
            {
                Encrypt(listen, certificate);
            }
        });
    });

    /// <summary>Stands before everything that is mapped: what browsers are told of the answers, and what they may not
    /// send.</summary>
    public void Guard(WebApplication app)
    {
        if (TlsProxy)
        {
            app.UseForwardedHeaders(Forwarded());
            app.Use((http, next) =>
            {
                http.Request.Scheme = Uri.UriSchemeHttps;
                return next(http);
            });
        }

        app.Use(next => new SecurityHeaders(next).Invoke);
        app.Use(next => new CrossSite(next, Hosts).Invoke);
    }

    /// <summary>Runs until it is told to end. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.PortInUse"/>.</summary>
    public static async Task Run(WebApplication app)
    {
        var lifetime = app.Lifetime; // The application is gone when it has run.
        try
        {
            await app.RunAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new RefusedException(RefusalCodes.PortInUse, e.Message);
        }
        catch (Exception) when (lifetime.ApplicationStopping.IsCancellationRequested
            && !lifetime.ApplicationStarted.IsCancellationRequested)
        {
            // Told to end while it was still starting: it waited, or had just found no silo, or none of the cluster's
            // tables, and would have waited.
        }
    }

    /// <summary>The caller's address is what the proxy has added last to <c>X-Forwarded-For</c>; what stands before it
    /// anybody may have written. Nothing but the proxy reaches the port, so every sender is the proxy.</summary>
    private static ForwardedHeadersOptions Forwarded()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = 1 };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        return options;
    }

    private static void Encrypt(ListenOptions listen, Certificate certificate)
    {
        var log = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<Certificate>();
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Look(log),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }),
        });
    }

    private static RefusedException Bad(string name, string? value, string expected) =>
        new(RefusalCodes.BadOption, $"{name} is '{value}', but must be {expected}.");
}
