using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Personalize.Benchmarks.Http;

/// <summary>What a run of requests gave.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Milliseconds from sending to the whole answer.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record LoadFigures(double Rate, double P50, double P99);

/// <summary>Sends requests that are ready as bytes over connections that stay open, one after another on each, and reads the answers with as little work as possible.</summary>
internal static class LoadClient
{
    /// <summary>Runs for a while; an answer that is no success is an exception.</summary>
    /// <param name="port">The server's port on this machine.</param>
    /// <param name="connections">How many wait for an answer at the same time.</param>
    /// <param name="time">How long.</param>
    /// <param name="requests">Sent round and round.</param>
    public static async Task<LoadFigures> Run(int port, int connections, TimeSpan time, byte[][] requests)
    {
        var clock = Stopwatch.StartNew();
        var times = (await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(() => Connection(port, n * requests.Length / connections, clock, time, requests))))).SelectMany(t => t).Order().ToArray();
        return new(times.Length / clock.Elapsed.TotalSeconds, Measured.At(times, 0.5), Measured.At(times, 0.99));
    }

    /// <summary>A request as bytes; with a body a POST, which asks for no body back.</summary>
    public static byte[] Request(string path, byte[]? body = null)
    {
        var head = body is null ? $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
            : string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nPrefer: return=minimal\r\nContent-Type: application/fhir+json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body ?? []];
    }

    private static async Task<List<double>> Connection(int port, int first, Stopwatch clock, TimeSpan time, byte[][] requests)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var (times, buffer) = (new List<double>(), new byte[1 << 18]);
        for (var at = first; clock.Elapsed < time; at++)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(requests[at % requests.Length]);
            await Answer(socket, buffer);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private static async Task Answer(Socket socket, byte[] buffer)
    {
        for (var have = 0; !IsWhole(buffer.AsSpan(0, have));)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have));
            have += read > 0 ? read : throw new IOException("The server closed the connection, or its answer is too long.");
        }
        if (buffer[9] != '2')
            throw new IOException($"An answer is no success: {Encoding.UTF8.GetString(buffer, 0, 300)}");
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer[..head].IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer[..head].IndexOf("chunked"u8) < 0 || answer.EndsWith("0\r\n\r\n"u8);
        var digits = answer[(length + 16)..head];
        var end = digits.IndexOf((byte)'\r');
        return answer.Length >= head + 4 + int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}
