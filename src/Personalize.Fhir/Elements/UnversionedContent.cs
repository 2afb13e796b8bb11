using System.Text;

namespace Personalize.Fhir.Elements;

/// <summary>The bytes of a resource as they will be stored, but for its version and its time, which only the commit knows: between the quotes of <c>meta.versionId</c> and <c>meta.lastUpdated</c> stands nothing yet.</summary>
/// <param name="Json">The bytes.</param>
/// <param name="VersionAt">Where the version goes.</param>
/// <param name="UpdatedAt">Where the time goes.</param>
public readonly record struct UnversionedContent(ReadOnlyMemory<byte> Json, int VersionAt, int UpdatedAt)
{
    /// <summary>The whole, with a version and the time at which it was written (milliseconds; UTC as <c>Z</c>).</summary>
    public byte[] With(string versionId, DateTimeOffset lastUpdated) => With(Json.Span, VersionAt, UpdatedAt, versionId, lastUpdated);

    /// <summary>The same for bytes that lie elsewhere. The places lie in the bytes.</summary>
    public static byte[] With(ReadOnlySpan<byte> json, int versionAt, int updatedAt, string versionId, DateTimeOffset lastUpdated)
    {
        var updated = Edit.Instant(lastUpdated);
        var (first, then) = versionAt < updatedAt ? ((At: versionAt, Text: versionId), (At: updatedAt, Text: updated)) : ((At: updatedAt, Text: updated), (At: versionAt, Text: versionId));
        var whole = new byte[json.Length + first.Text.Length + then.Text.Length];
        json[..first.At].CopyTo(whole);
        var at = first.At + Encoding.ASCII.GetBytes(first.Text, whole.AsSpan(first.At));
        json[first.At..then.At].CopyTo(whole.AsSpan(at));
        at += then.At - first.At;
        at += Encoding.ASCII.GetBytes(then.Text, whole.AsSpan(at));
        json[then.At..].CopyTo(whole.AsSpan(at));
        return whole;
    }
}
