using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Json;

/// <summary>JSON as UTF-8 bytes and one flat table of nodes over them; names are interned. Immutable.</summary>
public sealed class JsonTree
{
    /// <summary>The bytes, as received.</summary>
    public ReadOnlyMemory<byte> Bytes => throw new NotImplementedException();

    /// <summary>Reads strict JSON (RFC 8259): UTF-8 without fault, no duplicate key, at most 64 levels, nothing behind the end.</summary>
    public static Outcome<JsonTree> Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}
