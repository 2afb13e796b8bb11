using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Personalize.Engine.Content;

namespace Personalize.Engine.Facts;

/// <summary>One value of a packed row.</summary>
/// <param name="Fact">The fact's name.</param>
/// <param name="Value">A <see cref="bool"/>, a <see cref="long"/>, or the text of anything else.</param>
public sealed record PackedValue(string Fact, object Value);

/// <summary>A patient's facts as a compact row of bytes: 4 bytes that tell the list of fact names, then for each value the name's index (2 bytes), its type (1 byte) and the value.</summary>
/// <remarks>Little endian. A whole number takes 8 bytes, a text its length (2 bytes) and UTF-8. Texts beyond 65,535 bytes are cut off the row: no fact is that long.</remarks>
public static class PackedFacts
{
    private const byte False = 0, True = 1, Whole = 2, Text = 3;
    private const int PrintLength = 4;

    /// <summary>Packs what is known.</summary>
    public static ReadOnlyMemory<byte> Pack(FactSheet facts)
    {
        using var row = new MemoryStream();
        using var writer = new BinaryWriter(row, Encoding.UTF8);
        writer.Write(Print(facts.All.Select(fact => fact.Definition)));
        for (var index = 0; index < facts.All.Length; index++)
            foreach (var value in facts.All[index].Values.Items)
                Write(writer, (ushort)index, value.Value ?? Record.ValueText.Of(value));
        writer.Flush();
        return row.ToArray();
    }

    /// <summary>Reads a row; null when it was packed with another list of facts.</summary>
    public static ImmutableArray<PackedValue>? Unpack(ReadOnlySpan<byte> row, Knowledge knowledge)
    {
        if (row.Length < PrintLength || !row[..PrintLength].SequenceEqual(Print(knowledge.Facts)))
            return null;
        var values = ImmutableArray.CreateBuilder<PackedValue>();
        var rest = row[PrintLength..];
        while (rest.Length > 0)
        {
            var name = knowledge.Facts[BinaryPrimitives.ReadUInt16LittleEndian(rest)].Name;
            values.Add(new PackedValue(name, Read(rest[2], rest[3..], out var length)));
            rest = rest[(3 + length)..];
        }
        return values.ToImmutable();
    }

    private static byte[] Print(IEnumerable<FactDefinition> facts) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', facts.Select(fact => fact.Name))))[..PrintLength];

    private static void Write(BinaryWriter writer, ushort index, object value)
    {
        writer.Write(index);
        switch (value)
        {
            case bool truth:
                writer.Write(truth ? True : False);
                break;
            case int or long:
                writer.Write(Whole);
                writer.Write(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                WriteText(writer, Encoding.UTF8.GetBytes(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, byte[] text)
    {
        var length = Math.Min(text.Length, ushort.MaxValue);
        writer.Write(Text);
        writer.Write((ushort)length);
        writer.Write(text, 0, length);
    }

    private static object Read(byte type, ReadOnlySpan<byte> bytes, out int length)
    {
        length = type switch { Whole => 8, Text => 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes), _ => 0 };
        return type switch
        {
            Whole => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            Text => Encoding.UTF8.GetString(bytes[2..length]),
            _ => type == True,
        };
    }
}
