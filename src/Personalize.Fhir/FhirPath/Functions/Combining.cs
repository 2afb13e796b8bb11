using Personalize.Fhir.FhirPath.Operators;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Collections as sets. Source: FHIRPath 2.0, 5.4 Combining, 6.4 Collections, and the set functions of 5.1 and 5.3.</summary>
internal static class Combining
{
    // Below this many items, comparing each with each is faster than hashing.
    private const int FewItems = 12;

    /// <summary>True when the one item is among the others; null when there is none.</summary>
    public static bool? IsIn(Frame frame, Slice item, Slice items) => Singleton.One(frame, item) is { } one ? Contains(frame, items, one) : null;

    private static bool Contains(Frame frame, Slice items, in PathValue value)
    {
        for (var i = items.Start; i < items.End; i++)
            frame.SpendOn(frame[i]);
        return Contains(frame.Span(items), value);
    }

    /// <summary>True when one of the items is the same as that value.</summary>
    public static bool Contains(ReadOnlySpan<PathValue> items, in PathValue value)
    {
        foreach (ref readonly var item in items)
        {
            if (Equality.Same(item, value) == true)
                return true;
        }
        return false;
    }

    public static bool IsSubset(Frame frame, Slice items, Slice others)
    {
        var all = true;
        for (var i = items.Start; i < items.End && all; i++)
            all = Contains(frame, others, frame[i]);
        return all;
    }

    /// <summary>Replaces both sides, which lie on top of the stack, by the items of either.</summary>
    public static void Union(Frame frame, Slice left, Slice right, int start)
    {
        var end = frame.Top;
        Union(frame, left, right);
        frame.Collapse(start, end);
    }

    public static void Union(Frame frame, Slice left, Slice right)
    {
        var start = frame.Top;
        frame.Push(left);
        frame.Push(right);
        KeepDistinct(frame, frame.From(start));
    }

    public static void Combine(Frame frame, Slice left, Slice right)
    {
        frame.Push(left);
        frame.Push(right);
    }

    public static void Distinct(Frame frame, Slice input)
    {
        var start = frame.Top;
        frame.Push(input);
        KeepDistinct(frame, frame.From(start));
    }

    public static void IsDistinct(Frame frame, Slice input)
    {
        var start = frame.Top;
        Distinct(frame, input);
        var count = frame.Top - start;
        frame.Reset(start);
        frame.Push(count == input.Count);
    }

    public static void Intersect(Frame frame, Slice left, Slice right)
    {
        var start = frame.Top;
        for (var i = left.Start; i < left.End; i++)
        {
            if (Contains(frame, right, frame[i]))
                frame.Push(frame[i]);
        }
        KeepDistinct(frame, frame.From(start));
    }

    public static void Exclude(Frame frame, Slice left, Slice right)
    {
        for (var i = left.Start; i < left.End; i++)
        {
            if (!Contains(frame, right, frame[i]))
                frame.Push(frame[i]);
        }
    }

    /// <summary>The first argument that is not empty.</summary>
    public static Step Coalesce(Call call)
    {
        var arguments = Enumerable.Range(0, call.Count).Select(call.Argument).ToArray();
        return (frame, _) =>
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                if (!frame.Argument(arguments[i]).IsEmpty)
                    return;
            }
        };
    }

    /// <summary>Drops from the top of the stack what was there before.</summary>
    private static void KeepDistinct(Frame frame, Slice items)
    {
        if (items.Count > FewItems)
        {
            KeepNew(frame, items, new HashSet<PathValue>(items.Count, new ValueComparer(frame)));
            return;
        }
        frame.Reset(items.Start);
        for (var i = items.Start; i < items.End; i++)
        {
            // What is kept moves down over what was dropped, never over what is still to come.
            var value = frame[i];
            if (!Contains(frame, frame.From(items.Start), value))
                frame.Push(value);
        }
    }

    // What is remembered takes several times the memory of a value on the stack.
    private const int StepsToRemember = 4;

    /// <summary>Drops from the top of the stack what was seen before, and remembers the rest.</summary>
    public static void KeepNew(Frame frame, Slice items, HashSet<PathValue> seen)
    {
        frame.Reset(items.Start);
        for (var i = items.Start; i < items.End; i++)
        {
            var value = frame[i];
            if (!seen.Add(value))
                continue;
            frame.Push(value);
            frame.Spend(StepsToRemember);
        }
    }
}
