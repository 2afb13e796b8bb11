using System.IO.Compression;
using System.Net;
using System.Text;

namespace Personalize.Server.Tests.Rest;

public sealed class A_compressed_body(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly HttpClient _http = open.Http;

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("deflate", null)]
    [InlineData("gzip;q=0", null)]
    [InlineData("identity", null)]
    public async Task Is_answered_as_the_client_wishes(string accepted, string? expected)
    {
        var plain = await _http.GetByteArrayAsync("metadata", TestContext.Current.CancellationToken);
        using var response = await _http.Ask("GET", "metadata", (byte[]?)null, ("Accept-Encoding", accepted));
        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var sent = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(plain, Inflated(sent, expected));
        Assert.True(expected is null || sent.Length * 4 < plain.Length);
    }

    [Fact]
    public async Task Is_not_made_of_what_is_short_already()
    {
        await _http.Ask("PUT", "Patient/short", """{"resourceType":"Patient","id":"short"}""").Good(HttpStatusCode.Created);
        using var response = await _http.Ask("GET", "Patient/short", (byte[]?)null, ("Accept-Encoding", "gzip"));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Is_taken(string coding)
    {
        var created = await _http.Ask("POST", "Patient", Compressed("""{"resourceType":"Patient","gender":"female"}"""u8, coding), ("Content-Encoding", coding)).Good(HttpStatusCode.Created);
        Assert.Equal("female", created.GetProperty("gender").GetString());
        await _http.Ask("POST", "Patient", """{"resourceType":"Patient"}"""u8.ToArray(), ("Content-Encoding", coding)).Bad(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Is_named_when_it_is_none_that_is_known()
    {
        using var response = await _http.Ask("POST", "Patient", "{}", ("Content-Encoding", "zstd"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("gzip, br", response.Headers.GetValues("Accept-Encoding").Single());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Is_judged_by_the_size_that_comes_out_of_it(string coding)
    {
        await using var small = await RunningServer.Start(s => s with { MaxBody = "64KB" });
        var bomb = Compressed(Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","name":[{"text":"{{new string('x', 10_000_000)}}"}]}"""), coding);
        Assert.True(bomb.Length < 64 << 10);
        Assert.Equal("too-long", (await small.Http.Ask("POST", "Patient", bomb, ("Content-Encoding", coding)).Bad(HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
    }

    private static byte[] Compressed(ReadOnlySpan<byte> plain, string coding)
    {
        using var bytes = new MemoryStream();
        using (Stream stream = coding == "br" ? new BrotliStream(bytes, CompressionLevel.Optimal) : new GZipStream(bytes, CompressionLevel.Optimal))
            stream.Write(plain);
        return bytes.ToArray();
    }

    private static byte[] Inflated(byte[] sent, string? coding)
    {
        using var bytes = new MemoryStream(sent);
        using Stream stream = coding switch { "br" => new BrotliStream(bytes, CompressionMode.Decompress), "gzip" => new GZipStream(bytes, CompressionMode.Decompress), _ => bytes };
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
