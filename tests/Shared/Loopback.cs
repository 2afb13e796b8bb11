using System.Net;
using System.Net.Sockets;

namespace Personalize.Tests;

/// <summary>This machine, as only it sees itself.</summary>
internal static class Loopback
{
    /// <summary>A port on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
