using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>A condition's answer in FHIRPath's logic.</summary>
public enum Truth
{
    /// <summary>Empty: not known.</summary>
    Unknown,
    /// <summary>It does not hold.</summary>
    False,
    /// <summary>It holds.</summary>
    True,
}

/// <summary>What an evaluation gave, lent by the thread's evaluator: dispose of it before the next one begins to use no memory.</summary>
public readonly ref struct FhirPathAnswer
{
    private readonly Frame? _frame;

    internal FhirPathAnswer(Frame? frame, Failure? failure) => (_frame, Failure) = (frame, failure);

    /// <summary>Why there are no values, or null.</summary>
    public Failure? Failure { get; }

    /// <summary>The values in order; none when it failed.</summary>
    public ReadOnlySpan<PathValue> Values => _frame is null ? default : _frame.Span(_frame.From(_frame.Root.End));

    /// <summary>The values as a condition: one Boolean is itself, one other item true, anything else unknown.</summary>
    public Truth Truth
    {
        get
        {
            var values = Values;
            return values.Length != 1 || Singleton.Truth(values[0]) is not { } holds ? Truth.Unknown : holds ? Truth.True : Truth.False;
        }
    }

    internal PathValues Keep() => _frame is null ? PathValues.Empty : _frame.Take(_frame.From(_frame.Root.End));

    /// <summary>Gives the values back.</summary>
    public void Dispose() => _frame?.Return();
}
