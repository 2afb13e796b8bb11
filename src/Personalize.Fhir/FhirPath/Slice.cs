namespace Personalize.Fhir.FhirPath;

/// <summary>A collection during evaluation: neighbours on the stack of a <see cref="Frame"/>.</summary>
internal readonly record struct Slice(int Start, int Count)
{
    public int End => Start + Count;

    public bool IsEmpty => Count == 0;

    public Slice At(int index) => new(Start + index, 1);
}

/// <summary>A bound part of an expression: reads its focus and pushes its result; whatever else it pushed is gone when it returns.</summary>
internal delegate void Step(Frame frame, Slice focus);

/// <summary>A bound part of an expression whose answer is one Boolean: true, false, or null for not known. It leaves nothing on the stack.</summary>
internal delegate bool? Ask(Frame frame, Slice focus);

/// <summary>A bound part of an expression that counts items. It leaves nothing on the stack.</summary>
internal delegate int Tally(Frame frame, Slice focus);
