namespace Personalize.Fhir.FhirPath.Operators;

/// <summary><c>and or xor implies not</c> over true, false and unknown. Source: FHIRPath 2.0, Boolean logic.</summary>
internal static class Logic
{
    /// <summary>The right side is not asked when the left one decides.</summary>
    public static Ask And(Ask left, Ask right) => (frame, focus) => left(frame, focus) is var first && first == false ? false : first & right(frame, focus);

    /// <summary>As <see cref="And"/>.</summary>
    public static Ask Or(Ask left, Ask right) => (frame, focus) => left(frame, focus) is var first && first == true ? true : first | right(frame, focus);

    /// <summary>As <see cref="And"/>.</summary>
    public static Ask Implies(Ask left, Ask right) => (frame, focus) => left(frame, focus) is var first && first == false ? true : !first | right(frame, focus);

    public static Ask Xor(Ask left, Ask right) => (frame, focus) => left(frame, focus) ^ right(frame, focus);

    public static Ask Not(Ask condition) => (frame, focus) => !condition(frame, focus);
}
