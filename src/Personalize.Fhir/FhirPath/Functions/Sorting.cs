using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary><c>sort(key [desc], ...)</c>. Source: FHIRPath 2.1, sort. What has no key comes first in either direction, as the official tests have it.</summary>
internal static class Sorting
{
    private sealed record Key(Step Step, bool IsDescending);

    private sealed record Row(PathValue Value, PathValue?[] Keys);

    public static Step Sort(Call call)
    {
        var keys = Enumerable.Range(0, call.Count).Select(i => new Key(call.Argument(i), ((SortKeyNode)call.Node(i)).IsDescending)).ToArray();
        return (frame, input) =>
        {
            var rows = new Row[input.Count];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = new Row(frame[input.Start + i], KeysOf(frame, keys, input.At(i), i));
            foreach (var row in Merged(frame, rows, keys))
                frame.Push(row.Value);
        };
    }

    private static PathValue?[] KeysOf(Frame frame, Key[] keys, Slice item, int index)
    {
        if (keys.Length == 0)
            return [frame[item.Start]];
        var found = new PathValue?[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var start = frame.Top;
            frame.Project(keys[i].Step, item, index);
            found[i] = Singleton.One(frame, frame.From(start));
            frame.Reset(start);
        }
        return found;
    }

    // Merge sort of our own: it is stable, and an error of comparison comes out of it as it was thrown.
    private static Row[] Merged(Frame frame, Row[] rows, Key[] keys)
    {
        if (rows.Length < 2)
            return rows;
        var middle = rows.Length / 2;
        var (left, right) = (Merged(frame, rows[..middle], keys), Merged(frame, rows[middle..], keys));
        frame.Spend(rows.Length);
        var merged = new Row[rows.Length];
        for (int i = 0, j = 0; i + j < merged.Length;)
        {
            var fromLeft = j == right.Length || (i < left.Length && Compare(left[i], right[j], keys) <= 0);
            merged[i + j] = fromLeft ? left[i] : right[j];
            (i, j) = fromLeft ? (i + 1, j) : (i, j + 1);
        }
        return merged;
    }

    private static int Compare(Row left, Row right, Key[] keys)
    {
        for (var i = 0; i < left.Keys.Length; i++)
        {
            var order = Compare(left.Keys[i], right.Keys[i], i < keys.Length && keys[i].IsDescending);
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static int Compare(PathValue? left, PathValue? right, bool descending)
    {
        if (left is not { } a || right is not { } b)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        var order = Order.Compare(a, b) ?? 0;
        return descending ? -order : order;
    }
}
