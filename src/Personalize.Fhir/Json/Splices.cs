namespace Personalize.Fhir.Json;

/// <summary>Changes to bytes: each takes the place of a stretch, in ascending order; everything between stays as it is.</summary>
internal sealed class Splices(ReadOnlyMemory<byte> bytes)
{
    private readonly List<(int Start, int End, ReadOnlyMemory<byte> Instead)> _changes = [];

    /// <summary>True when nothing is to be changed.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Puts bytes in the place of what stands from start to before end; inserts when both are equal. Changes must not overlap; of two inserts at one place the first stays first.</summary>
    public void Replace(int start, int end, ReadOnlyMemory<byte> instead) => _changes.Add((start, end, instead));

    /// <summary>Inserts before that byte.</summary>
    public void Insert(int at, ReadOnlyMemory<byte> bytes) => Replace(at, at, bytes);

    /// <summary>Where bytes that were put in stand in the changed copy; found by where they lie in memory. -1 when they were not put in.</summary>
    public int PlaceOf(ReadOnlyMemory<byte> instead)
    {
        var moved = 0;
        foreach (var change in _changes.OrderBy(c => c.Start))
        {
            if (change.Instead.Equals(instead))
                return change.Start + moved;
            moved += change.Instead.Length - (change.End - change.Start);
        }
        return -1;
    }

    /// <summary>The changed copy; the same memory when there is no change.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        if (IsEmpty)
            return bytes;
        var result = new byte[bytes.Length + _changes.Sum(c => c.Instead.Length - (c.End - c.Start))];
        var (from, to) = (0, 0);
        foreach (var (start, end, instead) in _changes.OrderBy(c => c.Start))
        {
            bytes.Span[from..start].CopyTo(result.AsSpan(to));
            to += start - from;
            instead.Span.CopyTo(result.AsSpan(to));
            to += instead.Length;
            from = end;
        }
        bytes.Span[from..].CopyTo(result.AsSpan(to));
        return result;
    }
}
