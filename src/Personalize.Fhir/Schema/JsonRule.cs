namespace Personalize.Fhir.Schema;

/// <summary>What the structure asks of a property, in few bytes: most values are judged by them alone.</summary>
internal readonly struct JsonRule : INamed<JsonRule>
{
    public JsonRule(JsonProperty property, int element) =>
        (Property, Name, Element, Primitive, IsSingle, IsBound) = (property, property.Id, checked((byte)element), property.Primitive, property.IsSingle, property.RequiredSet is not null);

    private JsonRule(ushort name) => (Property, Name) = (null!, name);

    /// <inheritdoc/>
    public static JsonRule Nothing { get; } = new(ushort.MaxValue);

    /// <summary>The property.</summary>
    public JsonProperty Property { get; }

    /// <inheritdoc/>
    public ushort Name { get; }

    /// <summary>The place of its element among those of the type.</summary>
    public byte Element { get; }

    /// <summary>Which primitive it is.</summary>
    public PrimitiveKind Primitive { get; }

    /// <summary>True when it is no array.</summary>
    public bool IsSingle { get; }

    /// <summary>True when a value set is required.</summary>
    public bool IsBound { get; }
}
