using Personalize.Fhir.Primitives;

namespace Personalize.Server.Http;

/// <summary>Reads a request's body in one piece, up to the limit.</summary>
public static class BodyReader
{
    /// <summary>The bytes; fails with <see cref="Failure.TooLarge"/> as soon as the limit is passed, and with <see cref="Failure.Invalid"/> when the body breaks off.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> Read(HttpRequest request, long limit, CancellationToken ct)
    {
        if (request.ContentLength > limit)
            return TooLarge(limit);
        try
        {
            using var bytes = new MemoryStream((int)(request.ContentLength ?? 0));
            await request.Body.CopyToAsync(bytes, ct);
            return new ReadOnlyMemory<byte>(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (BadHttpRequestException trouble)
        {
            return trouble.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(limit) : new Failure.Invalid("The body could not be read to its end.");
        }
    }

    private static Failure.TooLarge TooLarge(long limit) => new($"The body is over the limit of {limit} bytes.");
}
