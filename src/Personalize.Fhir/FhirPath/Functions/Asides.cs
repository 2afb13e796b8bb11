namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Values put aside: told to the host, or kept under a name. Source: FHIRPath 2.0, 5.9, trace; 2.1, defineVariable.</summary>
internal static class Asides
{
    /// <summary>Tells the context what it sees and passes its input on.</summary>
    public static Step Trace(Call call)
    {
        var (name, projection) = (call.Argument(0), call.Optional(1));
        return (frame, input) =>
        {
            var start = frame.Top;
            var label = Function.Text(frame, name) ?? "";
            if (frame.Context.Trace is { } tell)
                tell(label, Seen(frame, input, projection));
            frame.Reset(start);
            frame.Push(input);
        };
    }

    private static PathValues Seen(Frame frame, Slice input, Step? projection)
    {
        var start = frame.Top;
        for (var i = 0; projection is not null && i < input.Count; i++)
            frame.Project(projection, input.At(i), i);
        return frame.Take(projection is null ? input : frame.From(start));
    }

    public static Step DefineVariable(Call call)
    {
        call.Defines(0);
        var (name, values) = (call.Argument(0), call.Optional(1));
        return (frame, input) =>
        {
            var start = frame.Top;
            var variable = Function.Text(frame, name) ?? throw new PathError("A variable needs a name");
            if (values is not null)
                frame.Project(values, input, frame.Index);
            frame.Define(variable, Kept(frame, values is null ? input : frame.From(start)));
            frame.Reset(start);
            frame.Push(input);
        };
    }

    private static PathValues Kept(Frame frame, Slice values)
    {
        frame.Spend(values.Count);
        return frame.Take(values);
    }
}
