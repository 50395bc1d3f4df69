using System.Net;
using System.Net.Sockets;
using CouponGrains.Domain;

namespace CouponGrains.SiloHost;

/// <summary>Sees whether the ports are free before anything is started, so that the answer is one line.</summary>
internal static class HostPorts
{
    /// <summary>Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.PortInUse"/> if one is
    /// taken.</summary>
    public static void Check(HostSettings settings)
    {
        Check(settings.Front.Address, settings.Port, "--port");
        Check(settings.SiloAddress, settings.SiloPort, "--silo-port");
        Check(settings.SiloAddress, settings.GatewayPort, "--gateway-port");
    }

    private static void Check(IPAddress address, int port, string option)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new RefusedException(
                RefusalCodes.PortInUse,
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {port} is in use; name another with {option}."
                    : $"Port {port} cannot be opened ({e.SocketErrorCode}); name another with {option}.");
        }
    }
}
