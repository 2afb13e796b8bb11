namespace Personalize.Fhir.Search;

/// <summary>What an <see cref="IndexEntry"/> holds.</summary>
public enum IndexKind : byte
{
    /// <summary><see cref="IndexEntry.Main"/> as written, <see cref="IndexEntry.Other"/> without case, accents and combining marks.</summary>
    String,
    /// <summary>The system in <see cref="IndexEntry.Scope"/>, the code in <see cref="IndexEntry.Main"/>.</summary>
    Token,
    /// <summary>The span in <see cref="IndexEntry.Range"/>.</summary>
    Date,
    /// <summary>A number or range from <see cref="IndexEntry.Low"/> to <see cref="IndexEntry.High"/>; the unit's system in <see cref="IndexEntry.Scope"/>, its code in <see cref="IndexEntry.Main"/>, its name in <see cref="IndexEntry.Other"/>.</summary>
    Number,
    /// <summary>The target's type in <see cref="IndexEntry.Scope"/>, its id in <see cref="IndexEntry.Main"/>.</summary>
    Reference,
    /// <summary>A reference to what lies elsewhere: the type in <see cref="IndexEntry.Scope"/> when it is known, the URL in <see cref="IndexEntry.Main"/>.</summary>
    Url,
    /// <summary>The identifier inside a reference: its system in <see cref="IndexEntry.Scope"/>, its value in <see cref="IndexEntry.Main"/>.</summary>
    Identifier,
    /// <summary>The uri in <see cref="IndexEntry.Main"/>.</summary>
    Uri,
    /// <summary>A quantity in base units from <see cref="IndexEntry.Low"/> to <see cref="IndexEntry.High"/>; its dimension in <see cref="IndexEntry.Main"/>.</summary>
    Canonical,
    /// <summary>What people read of a token, without case, accents and combining marks, in <see cref="IndexEntry.Main"/>.</summary>
    Words,
    /// <summary>An identifier with a code of its type: the type's system in <see cref="IndexEntry.Scope"/>, its code, a bar and the value in <see cref="IndexEntry.Main"/>.</summary>
    OfType,
}

/// <summary>Where a text of an <see cref="IndexEntry"/> stands; its bytes are asked of the <see cref="IndexEntries"/> that it came with. The default is the empty text.</summary>
/// <param name="Start">Its first byte in the resource; below zero the complement of its first byte in the list's own memory.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct IndexText(int Start, int Length);

/// <summary>A value that a search parameter finds in a resource, without an object of its own: its texts stay where they are, as UTF-8.</summary>
public readonly struct IndexEntry
{
    private readonly long _from;
    private readonly long _until;

    internal IndexEntry(ushort parameter, int group, IndexKind kind, IndexText scope, IndexText main, IndexText other, long from, long until) =>
        (Number, Group, Kind, Scope, Main, Other, _from, _until) = (parameter, group, kind, scope, main, other, from, until);

    /// <summary>The number of its parameter. No reference stands here: that spares the memory barriers that one costs.</summary>
    internal ushort Number { get; }

    /// <summary>For a part of a composite the element that it was found in, counted from 1; else 0.</summary>
    public int Group { get; }

    /// <summary>What it is.</summary>
    public IndexKind Kind { get; }

    /// <summary>A system or a type; empty when it has none.</summary>
    public IndexText Scope { get; }

    /// <summary>The code, id, URL or text.</summary>
    public IndexText Main { get; }

    /// <summary>The normalized text, or the name of a unit.</summary>
    public IndexText Other { get; }

    /// <summary>The span of a date.</summary>
    public TimeRange Range => new(_from, _until);

    /// <summary>The number, or the low end of a range; <see cref="double.MinValue"/> for open.</summary>
    public double Low => BitConverter.Int64BitsToDouble(_from);

    /// <summary>The number, or the high end of a range; <see cref="double.MaxValue"/> for open.</summary>
    public double High => BitConverter.Int64BitsToDouble(_until);

    internal IndexEntry For(ushort parameter, int group) => new(parameter, group, Kind, Scope, Main, Other, _from, _until);
}
