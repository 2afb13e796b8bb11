using Microsoft.AspNetCore.Http.Features;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>Reads a request's body in one piece, inflated, up to the limit.</summary>
public static class BodyReader
{
    private const int PieceSize = 16 << 10;

    /// <summary>The bytes; fails with <see cref="Failure.TooLarge"/> as soon as the limit is passed, and with <see cref="Failure.Invalid"/> when the body breaks off or is not what its coding says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="inflated">Its body, <see cref="ContentCodings.Inflate"/>.</param>
    /// <param name="limit">The most bytes, judged on what comes out of the compression.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> Read(HttpRequest request, Stream inflated, long limit, CancellationToken ct)
    {
        // The server's own limit cuts the connection before the answer is out; this one lets the client read why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (request.ContentLength > limit)
            return TooLarge(limit);
        try
        {
            return await Pieces(inflated, request.ContentLength ?? 0, limit, ct);
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

    private static async Task<Outcome<ReadOnlyMemory<byte>>> Pieces(Stream body, long expected, long limit, CancellationToken ct)
    {
        using var bytes = new MemoryStream((int)expected);
        var piece = new byte[PieceSize];
        while (await body.ReadAsync(piece, ct) is > 0 and var read)
        {
            if (bytes.Length + read > limit)
                return TooLarge(limit);
            bytes.Write(piece, 0, read);
        }
        return new ReadOnlyMemory<byte>(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static Failure.TooLarge TooLarge(long limit) => new($"The body is over the limit of {limit} bytes.");
}
