namespace Personalize.Fhir.Json;

/// <summary>What the table keeps of a value beside its kind.</summary>
[Flags]
internal enum JsonMarks : byte
{
    None = 0,

    /// <summary>The string holds an escape and must be unescaped to be read.</summary>
    Escaped = 1,

    /// <summary>The key began with an underscore: the twin of a primitive.</summary>
    Twin = 2,

    /// <summary>The object has at least one twin among its keys.</summary>
    HasTwins = 4,

    /// <summary>The key holds an escape.</summary>
    KeyEscaped = 8,

    /// <summary>The string is known to hold neither white space nor an escape; without the mark it may or may not.</summary>
    Solid = 16,
}

/// <summary>One row of the node table.</summary>
internal struct JsonToken
{
    /// <summary>First byte: of a string the one behind the quote, else the value's own.</summary>
    public int Start;

    /// <summary>Bytes: of a string without its quotes, of a container with its brackets.</summary>
    public int Length;

    /// <summary>The row behind this value and all that is in it.</summary>
    public int Next;

    /// <summary>The first byte of the key behind its quote; -1 for an array's item and for the root.</summary>
    public int KeyStart;

    /// <summary>The key's number in <see cref="JsonNames"/> (without the underscore of a twin); 0 when it is not known there.</summary>
    public ushort Name;

    public JsonKind Kind;

    public JsonMarks Marks;

    public readonly bool Has(JsonMarks mark) => (Marks & mark) != 0;

    /// <summary>The byte at which the value begins, quote included.</summary>
    public readonly int Place => Kind == JsonKind.String ? Start - 1 : Start;

    /// <summary>The byte behind the value, quote included.</summary>
    public readonly int End => Kind == JsonKind.String ? Start + Length + 1 : Start + Length;
}
