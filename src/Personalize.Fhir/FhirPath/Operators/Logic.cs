namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>and or xor implies</c> over true, false and unknown. Source: FHIRPath 2.0, Boolean logic.</summary>
internal static class Logic
{
    /// <summary>The right side is not asked when the left one decides.</summary>
    public static Step And(Step left, Step right) => Decided(left, right, false, false, (a, b) => a & b);

    public static Step Or(Step left, Step right) => Decided(left, right, true, true, (a, b) => a | b);

    public static Step Implies(Step left, Step right) => Decided(left, right, false, true, (a, b) => !a | b);

    public static Step Xor(Step left, Step right) => (frame, focus) => Push(frame, Ask(frame, left, focus) ^ Ask(frame, right, focus));

    private static Step Decided(Step left, Step right, bool deciding, bool decision, Func<bool?, bool?, bool?> combine) => (frame, focus) =>
    {
        var first = Ask(frame, left, focus);
        Push(frame, first == deciding ? decision : combine(first, Ask(frame, right, focus)));
    };

    private static bool? Ask(Frame frame, Step side, Slice focus)
    {
        var start = frame.Top;
        side(frame, focus);
        var truth = Singleton.Boolean(frame, frame.From(start));
        frame.Reset(start);
        return truth;
    }

    public static void Push(Frame frame, bool? truth)
    {
        if (truth is { } known)
            frame.Push(known);
    }
}
