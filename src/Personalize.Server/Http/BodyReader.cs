using Microsoft.AspNetCore.Http.Features;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>Reads a request's body in one piece, inflated, up to the limit.</summary>
public static class BodyReader
{
    private const int FirstSize = 16 << 10;

    /// <summary>The bytes; fails with <see cref="Failure.TooLarge"/> as soon as the limit is passed, with <see cref="Failure.Unavailable"/> when the bodies of all requests take too much, and with <see cref="Failure.Invalid"/> when the body breaks off or is not what its coding says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="inflated">Its body, <see cref="ContentCodings.Inflate"/>.</param>
    /// <param name="limit">The most bytes, judged on what comes out of the compression.</param>
    /// <param name="share">Counts the bytes while they are needed.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> Read(HttpRequest request, Stream inflated, long limit, BodyRoom.Share share, CancellationToken ct)
    {
        // The server's own limit cuts the connection before the answer is out; this one lets the client read why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (request.ContentLength > limit)
            return TooLarge(limit);
        try
        {
            // A compressed one says only how long it is before.
            return await Pieces(inflated, inflated == request.Body ? request.ContentLength : null, limit, share, ct);
        }
        catch (BadHttpRequestException)
        {
            return new Failure.Invalid("The body could not be read to its end.");
        }
        // What brotli finds wrong is an InvalidOperationException.
        catch (Exception trouble) when (inflated != request.Body && trouble is InvalidDataException or InvalidOperationException)
        {
            return new Failure.Invalid("The body is not compressed as its Content-Encoding says.");
        }
    }

    // Room is taken for what has come, not for what a client says that will come: a slow one keeps nobody out.
    private static async Task<Outcome<ReadOnlyMemory<byte>>> Pieces(Stream body, long? expected, long limit, BodyRoom.Share share, CancellationToken ct)
    {
        var (bytes, length) = (Array.Empty<byte>(), 0);
        while (true)
        {
            if (length == bytes.Length)
            {
                // One byte more than expected, so that the end is found without growing again.
                var size = Math.Max(FirstSize, length * 2L);
                size = Math.Min(expected + 1 is { } whole && whole > length ? Math.Min(size, whole) : size, Math.Min(limit + 1, Array.MaxLength));
                if (size <= length)
                    return TooLarge(limit);
                if (share.Take(size - length) is { } full)
                    return full;
                Array.Resize(ref bytes, (int)size);
            }
            var read = await body.ReadAsync(bytes.AsMemory(length), ct);
            if (read == 0)
                return new ReadOnlyMemory<byte>(bytes, 0, length);
            length += read;
            if (length > limit)
                return TooLarge(limit);
        }
    }

    private static Failure.TooLarge TooLarge(long limit) => new($"The body is over the limit of {limit} bytes.");
}
