namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 5.3 Subsetting.</summary>
internal static class Subsetting
{
    public static void Single(Frame frame, Slice input) => Function.Push(frame, Singleton.One(frame, input));

    /// <summary>So many items from there, as far as there are.</summary>
    public static Slice Part(Slice input, int from, int count)
    {
        if (from < 0 || from >= input.Count || count <= 0)
            return default;
        return new Slice(input.Start + from, Math.Min(count, input.Count - from));
    }

    public static Step Skip(Call call)
    {
        var count = call.Argument(0);
        return (frame, input) => frame.Push(Part(input, Math.Max(0, Number(frame, count)), input.Count));
    }

    public static Step Take(Call call)
    {
        var count = call.Argument(0);
        return (frame, input) => frame.Push(Part(input, 0, Number(frame, count)));
    }

    private static int Number(Frame frame, Step count) => Function.Integer(frame, count) ?? throw new PathError("A number of items is expected");
}
