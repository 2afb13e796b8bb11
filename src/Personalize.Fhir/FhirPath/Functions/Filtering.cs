using Personalize.Fhir.FhirPath.Operators;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.2 Filtering and projection.</summary>
internal static class Filtering
{
    public static Step Where(Call call)
    {
        var criterion = Criterion.Of(call);
        return (frame, input) =>
        {
            for (var i = 0; i < input.Count; i++)
            {
                if (criterion.Holds(frame, input.At(i), i) == true)
                    frame.Push(frame[input.Start + i]);
            }
        };
    }

    public static Step Select(Call call)
    {
        var projection = call.Argument(0);
        return (frame, input) =>
        {
            for (var i = 0; i < input.Count; i++)
                frame.Project(projection, input.At(i), i);
        };
    }

    // Elements are as many as the record has; values can be made without end, whatever the steps that are allowed.
    private const int MostMadeValues = 10_000;

    /// <summary>Projects what the projection gave, again and again, until nothing new comes.</summary>
    public static Step Repeat(Call call)
    {
        var projection = call.Argument(0);
        return (frame, input) =>
        {
            var start = frame.Top;
            var seen = new HashSet<PathValue>(new ValueComparer(frame));
            for (var i = 0; i < input.Count; i++)
                ProjectNew(frame, projection, input.At(i), i, seen);
            for (var next = start; next < frame.Top; next++)
                ProjectNew(frame, projection, new Slice(next, 1), next - start, seen);
        };
    }

    private static void ProjectNew(Frame frame, Step projection, Slice item, int index, HashSet<PathValue> seen)
    {
        var start = frame.Top;
        frame.Project(projection, item, index);
        Combining.KeepNew(frame, frame.From(start), seen);
        if (seen.Count > MostMadeValues && frame.Top > start && !frame[start].IsElement)
            throw new PathError("repeat does not come to an end") { IsTooCostly = true };
    }
}
