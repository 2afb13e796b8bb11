namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIRPath 2.0, 6.3 Types, and <c>ofType</c>.</summary>
internal static class TypeFunctions
{
    public static Step Is(Call call)
    {
        var test = call.Type(0);
        return (frame, input) => Is(frame, input, test);
    }

    public static void Is(Frame frame, Slice input, TypeTest test)
    {
        if (Singleton.One(frame, input) is { } one)
            frame.Push(test.Is(one));
    }

    public static Step Narrow(TypeTest test) => (frame, input) => Narrow(frame, input, test);

    /// <summary>The items of that type. Also <c>as</c> takes several: R4's own search parameters use it on repeating elements.</summary>
    public static void Narrow(Frame frame, Slice input, TypeTest test)
    {
        for (var i = input.Start; i < input.End; i++)
        {
            if (test.Narrows(frame[i]))
                frame.Push(frame[i]);
        }
    }

    public static void TypeOf(Frame frame, Slice input)
    {
        for (var i = input.Start; i < input.End; i++)
            frame.Push((object)TypeFact.Of(frame[i]));
    }
}
