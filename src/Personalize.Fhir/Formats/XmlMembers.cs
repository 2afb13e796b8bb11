using Personalize.Fhir.Json;

namespace Personalize.Fhir.Formats;

/// <summary>A piece of JSON that was made of XML.</summary>
/// <param name="Bytes">The JSON.</param>
/// <param name="Places">Where its values stood, by their offset in the piece.</param>
internal sealed record XmlPiece(byte[] Bytes, IReadOnlyList<SourcePlace> Places)
{
    /// <summary>A piece without values in it that stood elsewhere.</summary>
    public XmlPiece(byte[] bytes) : this(bytes, []) { }
}

/// <summary>A value that was read from XML.</summary>
/// <param name="Line">The line at which it begins.</param>
/// <param name="Column">The column at which it begins.</param>
/// <param name="Json">As JSON; null for a primitive without value.</param>
/// <param name="Twin">What a primitive has beside its value; null for nothing.</param>
internal sealed record XmlValue(int Line, int Column, XmlPiece? Json, XmlPiece? Twin = null);

/// <summary>The members of an object in the order in which they were read.</summary>
internal sealed class XmlMembers
{
    private static readonly byte[] _null = "null"u8.ToArray();
    private readonly List<(string Name, bool IsList, List<XmlValue> Values)> _members = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>Adds a value; false when one of that name is there and it is no list, or not the last.</summary>
    public bool Add(string name, bool isList, XmlValue value)
    {
        if (_names.Add(name))
            _members.Add((name, isList, [value]));
        else if (isList && _members[^1].Name == name)
            _members[^1].Values.Add(value);
        else
            return false;
        return true;
    }

    /// <summary>The object as JSON.</summary>
    public XmlPiece Written()
    {
        var (bytes, places) = (new List<byte> { (byte)'{' }, new List<SourcePlace>());
        foreach (var (name, isList, values) in _members)
        {
            // An extension alone still needs its place in the array.
            Write(bytes, places, name, isList, values, value => value.Json);
            Write(bytes, places, "_" + name, isList, values, value => value.Twin);
        }
        bytes.Add((byte)'}');
        return new([.. bytes], places);
    }

    private static void Write(List<byte> bytes, List<SourcePlace> places, string name, bool isList, List<XmlValue> values, Func<XmlValue, XmlPiece?> side)
    {
        if (values.TrueForAll(value => side(value) is null))
            return;
        if (bytes.Count > 1)
            bytes.Add((byte)',');
        bytes.AddRange(JsonText.Quote(name));
        bytes.Add((byte)':');
        // A list stands where its first item does.
        places.Add(new(bytes.Count, values[0].Line, values[0].Column));
        if (isList)
            bytes.Add((byte)'[');
        foreach (var (at, value) in values.Index())
        {
            if (at > 0)
                bytes.Add((byte)',');
            Write(bytes, places, value, side(value));
        }
        if (isList)
            bytes.Add((byte)']');
    }

    private static void Write(List<byte> bytes, List<SourcePlace> places, XmlValue value, XmlPiece? piece)
    {
        places.Add(new(bytes.Count, value.Line, value.Column));
        places.AddRange((piece?.Places ?? []).Select(inner => inner with { Offset = inner.Offset + bytes.Count }));
        bytes.AddRange(piece?.Bytes ?? _null);
    }
}
