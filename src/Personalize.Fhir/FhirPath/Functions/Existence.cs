namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.1 Existence.</summary>
internal static class Existence
{
    public static Ask Exists(Call call) => call.Count == 0 ? (_, input) => !input.IsEmpty : ExistsThat(Criterion.Of(call));

    private static Ask ExistsThat(Criterion criterion) => (frame, input) =>
    {
        var found = false;
        for (var i = 0; i < input.Count && !found; i++)
            found = criterion.Holds(frame, input.At(i), i) == true;
        return found;
    };

    public static Ask All(Call call)
    {
        var criterion = Criterion.Of(call);
        return (frame, input) =>
        {
            var all = true;
            for (var i = 0; i < input.Count && all; i++)
                all = criterion.Holds(frame, input.At(i), i) == true;
            return all;
        };
    }

    public static bool? Not(Frame frame, Slice input) => !Singleton.Boolean(frame, input);

    /// <summary>True when one of the Booleans is that; what is no Boolean is an error.</summary>
    public static bool Any(Frame frame, Slice input, bool wanted)
    {
        var found = false;
        for (var i = input.Start; i < input.End; i++)
            found |= Singleton.StrictBoolean(frame[i]) == wanted;
        return found;
    }
}
