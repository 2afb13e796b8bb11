using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>What a paging link holds.</summary>
/// <param name="Path">The path below the base that it belongs to, such as <c>Patient</c> or <c>Patient/1/_history</c>.</param>
/// <param name="Parameters">The parameters of the first page.</param>
/// <param name="Mark">Where the page before ended, pinned to its commit; null for the first page.</param>
/// <param name="Actor">Who was given the link; nobody else may follow it.</param>
/// <param name="Begun">When the first page was shown, to whose commit all pages are pinned.</param>
/// <param name="Made">When the link was made.</param>
public sealed record PagePlace(string Path, ImmutableArray<KeyValuePair<string, string>> Parameters, SearchMark? Mark, string Actor, DateTimeOffset Begun, DateTimeOffset Made)
{
    /// <summary>Where the pages before this one began, of the same commit, the last one last; empty for the first page. Older ones than the last thirty are forgotten.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];
}

/// <summary>Seals the place of a page into a link and opens it again: AES-256-GCM, so that a link shows nothing of the search and cannot be changed. Nothing is kept on the server.</summary>
/// <param name="key">32 bytes.</param>
/// <param name="clock">The time.</param>
public sealed class PageLinks(ReadOnlyMemory<byte> key, TimeProvider clock)
{
    /// <summary>The parameter that bears the sealed place.</summary>
    public const string Parameter = "_page";

    /// <summary>How long a link lives.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>How long one may go on from page to page; the store keeps what the first page saw for longer than that.</summary>
    public static readonly TimeSpan Walk = TimeSpan.FromHours(24);

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>The key of a data folder; made there on the first call, for the owner's eyes alone.</summary>
    public static byte[] KeyOf(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "page.key");
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: KeySize } kept)
            return kept;
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(key);
        return key;
    }

    /// <summary>The first page of a search or a history.</summary>
    public PagePlace First(string path, ImmutableArray<KeyValuePair<string, string>> parameters, string actor) =>
        new(path, parameters, null, actor, clock.GetUtcNow(), clock.GetUtcNow());

    /// <summary>The place as text for a URL: a later page of the same walk, or with no mark the first page of a new one.</summary>
    public string Seal(PagePlace place, SearchMark? mark)
    {
        var now = clock.GetUtcNow();
        var plain = JsonSerializer.SerializeToUtf8Bytes(place with { Mark = mark, Begun = mark is null ? now : place.Begun, Made = now });
        var token = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(token.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key.Span, TagSize);
        aes.Encrypt(token.AsSpan(0, NonceSize), plain, token.AsSpan(NonceSize, plain.Length), token.AsSpan(NonceSize + plain.Length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The place. Fails with <see cref="Failure.Invalid"/> on what was not sealed here for that path, <see cref="Failure.Denied"/> for another actor, <see cref="Failure.Gone"/> after an hour, or a day after the first page.</summary>
    public Outcome<PagePlace> Open(string token, string path, string actor)
    {
        if (Decrypt(token) is not { } place || place.Path != path)
            return new Failure.Invalid("This is not a paging link of this server.");
        if (place.Actor != actor)
            return new Failure.Denied("This paging link was given to somebody else.");
        var now = clock.GetUtcNow();
        if (now - place.Made > Life)
            return new Failure.Gone("This paging link is older than an hour; start the search again.");
        // The link to the first page begins anew.
        if (place.Mark is null)
            return place with { Begun = now };
        return now - place.Begun > Walk ? new Failure.Gone("The first page was shown more than a day ago; start the search again.") : place;
    }

    private PagePlace? Decrypt(string token)
    {
        if (!Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > NonceSize + TagSize } bytes)
            return null;
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key.Span, TagSize);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(NonceSize + plain.Length), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return JsonSerializer.Deserialize<PagePlace>(plain);
    }
}
