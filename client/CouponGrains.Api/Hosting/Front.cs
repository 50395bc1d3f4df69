using System.Globalization;
using System.Net;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Hosting;

/// <summary>Where a process answers HTTP.</summary>
/// <param name="Address">The address of this machine.</param>
/// <param name="Port">The port.</param>
public sealed record Front(IPAddress Address, int Port)
{
    /// <summary>Reads <c>Listen</c> and <c>Port</c> of a section: loopback, unless it is told otherwise. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>.</summary>
    public static Front Read(IConfiguration section) => new(
        section["Listen"] switch
        {
            null => IPAddress.Loopback,
            var text when IPAddress.TryParse(text, out var address) => address,
            var text => throw Bad("listen", text, "an address of this machine, as in 127.0.0.1 or 0.0.0.0"),
        },
        section["Port"] switch
        {
            null => 8080,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is >= 1 and <= 65_535 => port,
            var text => throw Bad("port", text, "a whole number from 1 to 65535"),
        });

    /// <summary>Has the process listen there.</summary>
    public void Open(ConfigureWebHostBuilder web) => web.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(Address, Port);
    });

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
        catch (Exception e) when (e is OperationCanceledException or SiloUnavailableException
            && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to end while it was still starting: it waited, or had just found no silo and would have waited.
        }
    }

    private static RefusedException Bad(string name, string? value, string expected) =>
        new(RefusalCodes.BadOption, $"{name} is '{value}', but must be {expected}.");
}
