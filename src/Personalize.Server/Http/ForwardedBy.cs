using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Personalize.Server.Http;

/// <summary>What proxies in front of the server say of the address that the client used: it is what links and locations begin with.</summary>
public static class ForwardedBy
{
    /// <summary>Lets the headers of these proxies count. With none configured nobody's do: a client could name any host.</summary>
    public static void Use(IApplicationBuilder app, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedPrefix,
            // One proxy behind the other: as many as are known.
            ForwardLimit = null,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(Network(proxy)!.Value);
        app.UseForwardedHeaders(options);
    }

    /// <summary><c>10.0.0.0/8</c>, or one address; null for anything else.</summary>
    public static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}
