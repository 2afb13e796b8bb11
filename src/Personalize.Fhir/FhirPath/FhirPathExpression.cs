using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.FhirPath;

/// <summary>A FHIRPath expression, parsed once and bound to closures. Immutable; safe to share between threads.</summary>
public sealed class FhirPathExpression
{
    /// <summary>The text that it was made from.</summary>
    public string Text => throw new NotImplementedException();

    /// <summary>The names of the external constants that it mentions (<c>%age</c> gives <c>age</c>), distinct, in order of appearance.</summary>
    public IReadOnlyList<string> Constants => throw new NotImplementedException();

    /// <summary>Parses; fails with <see cref="Failure.Invalid"/> that names the position on a syntax error or an unknown function.</summary>
    public static Outcome<FhirPathExpression> Parse(string text) => throw new NotImplementedException();

    /// <summary>Evaluates on a focus; empty focus is allowed. Fails with <see cref="Failure.Unprocessable"/> when FHIRPath says that evaluation signals an error.</summary>
    public Outcome<PathValues> Evaluate(PathValues focus, FhirPathContext context) => throw new NotImplementedException();
}

/// <summary>What an evaluation may look at beside its focus.</summary>
/// <param name="Now">What <c>now()</c>, <c>today()</c> and <c>timeOfDay()</c> answer; its offset is the practice's.</param>
public sealed record FhirPathContext(DateTimeOffset Now)
{
    /// <summary>External constants by name without <c>%</c>; <c>%resource</c>, <c>%context</c>, <c>%ucum</c>, <c>%sct</c>, <c>%loinc</c>, <c>%`vs-name`</c> and <c>%`ext-name`</c> need not be given.</summary>
    public Func<string, PathValues?>? Constant { get; init; }

    /// <summary>What <c>memberOf()</c> asks.</summary>
    public ValueSets ValueSets { get; init; } = ValueSets.R4;

    /// <summary>Finds what a reference names (a relative <c>Type/id</c> or a URL) for <c>resolve()</c>; null finds contained resources only.</summary>
    public Func<string, Element?>? Resolve { get; init; }

    /// <summary>Is told what <c>trace(name)</c> sees.</summary>
    public Action<string, PathValues>? Trace { get; init; }
}

/// <summary>An ordered FHIRPath collection of elements and System values. Immutable.</summary>
public sealed class PathValues
{
    /// <summary>No items.</summary>
    public static PathValues Empty => throw new NotImplementedException();

    /// <summary>The items.</summary>
    public IReadOnlyList<PathValue> Items => throw new NotImplementedException();

    /// <summary>One element.</summary>
    public static PathValues Of(Element element) => throw new NotImplementedException();

    /// <summary>Elements in order.</summary>
    public static PathValues Of(IEnumerable<Element> elements) => throw new NotImplementedException();

    /// <summary>One System value: <see cref="bool"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="decimal"/>, or one of this library's date and quantity types.</summary>
    public static PathValues Of(object value) => throw new NotImplementedException();

    /// <summary>Values in order.</summary>
    public static PathValues Of(IEnumerable<PathValue> values) => throw new NotImplementedException();

    /// <summary>FHIRPath's reading as a condition: empty gives null, one Boolean its value, one other item true; several items give null with no error.</summary>
    public bool? AsBoolean() => throw new NotImplementedException();
}

/// <summary>An item of a collection: an element of a resource or a System value.</summary>
public readonly struct PathValue
{
    /// <summary>The element, when it is one.</summary>
    public Element? Element => throw new NotImplementedException();

    /// <summary>The System value (a primitive element converts itself): <see cref="bool"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="decimal"/>, a date, dateTime, time or quantity type; null for a complex element.</summary>
    public object? Value => throw new NotImplementedException();

    /// <summary>The name of its type: <c>Quantity</c>, <c>boolean</c>, <c>string</c>, ...</summary>
    public string TypeName => throw new NotImplementedException();

    /// <summary>As text: a string as it is, a date in ISO form, a decimal as written.</summary>
    public override string ToString() => throw new NotImplementedException();
}
