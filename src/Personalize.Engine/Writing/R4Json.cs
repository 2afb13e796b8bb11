using System.Buffers;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Personalize.Engine.Writing;

/// <summary>Between the object model of the FHIR SDK and bytes: for what is composed or changed field by field.</summary>
public static class R4Json
{
    private static readonly BaseFhirJsonSerializer _serializer = new(ModelInfo.ModelInspector);
    private static readonly BaseFhirJsonDeserializer _deserializer = new(ModelInfo.ModelInspector);

    /// <summary>The resource as UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Write(Resource resource)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            _serializer.Serialize(resource, writer);
        return bytes.WrittenMemory;
    }

    /// <summary>Reads a stored resource; null when it is of another type. What the SDK has to complain of is kept as far as it can be: it was validated when it was stored.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> json)
        where T : Resource
    {
        var reader = new Utf8JsonReader(json.Span);
        _deserializer.TryDeserializeResource(ref reader, out var resource, out _);
        return resource as T;
    }
}
