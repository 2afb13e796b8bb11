using Personalize.Fhir.Json;

namespace Personalize.Fhir.Formats;

/// <summary>A value that was read from XML.</summary>
/// <param name="Json">As JSON; null for a primitive without value.</param>
/// <param name="Twin">What a primitive has beside its value; null for nothing.</param>
internal sealed record XmlValue(byte[]? Json, byte[]? Twin);

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
    public byte[] Written()
    {
        var bytes = new List<byte> { (byte)'{' };
        foreach (var (name, isList, values) in _members)
        {
            // An extension alone still needs its place in the array.
            Write(bytes, name, isList, values, value => value.Json);
            Write(bytes, "_" + name, isList, values, value => value.Twin);
        }
        bytes.Add((byte)'}');
        return [.. bytes];
    }

    private static void Write(List<byte> bytes, string name, bool isList, List<XmlValue> values, Func<XmlValue, byte[]?> side)
    {
        if (values.TrueForAll(value => side(value) is null))
            return;
        if (bytes.Count > 1)
            bytes.Add((byte)',');
        bytes.AddRange(JsonText.Quote(name));
        bytes.Add((byte)':');
        if (isList)
            bytes.AddRange(JsonEdit.Array(values.Select(value => (ReadOnlyMemory<byte>)(side(value) ?? _null))));
        else
            bytes.AddRange(side(values[0])!);
    }
}
