namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.1 Existence.</summary>
internal static class Existence
{
    public static Step Exists(Call call) => call.Count == 0 ? (frame, input) => frame.Push(!input.IsEmpty) : ExistsThat(Criterion.Of(call));

    private static Step ExistsThat(Criterion criterion) => (frame, input) =>
    {
        var found = false;
        for (var i = 0; i < input.Count && !found; i++)
            found = criterion.Holds(frame, input.At(i), i) == true;
        frame.Push(found);
    };

    public static Step All(Call call)
    {
        var criterion = Criterion.Of(call);
        return (frame, input) =>
        {
            var all = true;
            for (var i = 0; i < input.Count && all; i++)
                all = criterion.Holds(frame, input.At(i), i) == true;
            frame.Push(all);
        };
    }

    public static void Not(Frame frame, Slice input)
    {
        if (Singleton.Boolean(frame, input) is { } truth)
            frame.Push(!truth);
    }

    /// <summary>True when one of the Booleans is that; what is no Boolean is an error.</summary>
    public static bool Any(Frame frame, Slice input, bool wanted)
    {
        var found = false;
        for (var i = input.Start; i < input.End; i++)
            found |= Singleton.StrictBoolean(frame[i]) == wanted;
        return found;
    }
}
