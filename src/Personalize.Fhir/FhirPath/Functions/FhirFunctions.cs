using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Source: FHIR R4, FHIRPath, additional functions.</summary>
internal static class FhirFunctions
{
    private const string Definitions = "http://hl7.org/fhir/StructureDefinition/";

    public static Step Extension(Call call)
    {
        var wanted = call.Argument(0);
        return (frame, input) =>
        {
            if (Function.Text(frame, wanted) is not { } url)
                return;
            for (var i = input.Start; i < input.End; i++)
            {
                if (frame[i].Element is { } element)
                    Push(frame, element, url);
            }
        };
    }

    private static void Push(Frame frame, Element element, string url)
    {
        foreach (var extension in element.Children("extension"))
        {
            if (extension.Child("url")?.TextIs(url) == true)
                frame.Push(extension);
        }
    }

    /// <summary>One item that has a value.</summary>
    public static bool HasValue(Frame frame, Slice input) => input.Count == 1 && HasValue(frame[input.Start]);

    private static bool HasValue(in PathValue value) => !value.IsElement || value.Raw.HasValue;

    /// <summary>The System value of a primitive.</summary>
    public static void GetValue(Frame frame, Slice input)
    {
        if (input.Count == 1 && HasValue(frame[input.Start]) && frame[input.Start].Value is { } value)
            frame.Push(PathValue.Of(value));
    }

    /// <summary>A code, Coding or CodeableConcept (one of its codings); empty when the value set is not known.</summary>
    public static Step MemberOf(Call call)
    {
        var wanted = call.Argument(0);
        return (frame, input) =>
        {
            var valueSet = Function.Text(frame, wanted);
            if (Singleton.One(frame, input) is not { } one || valueSet is null)
                return;
            if (IsMember(frame.Context.ValueSets, valueSet, one) is { } answer)
                frame.Push(answer);
        };
    }

    private static bool? IsMember(ValueSets sets, string valueSet, in PathValue value)
    {
        if (value.Element is not { } element || element.Type.Kind == FhirTypeKind.Primitive)
            return Singleton.Text(value) is { } code ? sets.Contains(valueSet, null, code) : null;
        return element.Type.Name switch
        {
            "Coding" => IsMember(sets, valueSet, element),
            "CodeableConcept" => AnyMember(sets, valueSet, element),
            _ => throw new PathError("A code, a Coding or a CodeableConcept is expected"),
        };
    }

    private static bool? IsMember(ValueSets sets, string valueSet, Element coding) =>
        coding.Child("code")?.Text is { } code ? sets.Contains(valueSet, coding.Child("system")?.Text, code) : false;

    private static bool? AnyMember(ValueSets sets, string valueSet, Element concept)
    {
        bool? any = false;
        foreach (var coding in concept.Children("coding"))
            any |= IsMember(sets, valueSet, coding);
        return any;
    }

    /// <summary>What the context says of a profile; for the definitions of R4's own types at least whether the item is of that type. An unknown profile is an error.</summary>
    public static Step ConformsTo(Call call)
    {
        var wanted = call.Argument(0);
        return (frame, input) =>
        {
            var profile = Function.Text(frame, wanted);
            if (Singleton.One(frame, input) is not { } one || profile is null)
                return;
            // All of the element is judged by many rules: it takes about as long as a step for each character.
            frame.Spend(one.Element?.Json.Length ?? 1);
            frame.Push(Conforms(frame.Context, one, profile) ?? throw new PathError("This profile is not known"));
        };
    }

    private static bool? Conforms(FhirPathContext context, in PathValue value, string profile)
    {
        if (value.Element is { } item && context.ConformsTo?.Invoke(item, profile) is { } answer)
            return answer;
        var name = profile.StartsWith(Definitions, StringComparison.Ordinal) ? profile[Definitions.Length..] : "";
        return FhirSchema.R4.Type(name) is null ? null : value.Element is { } element && element.Type.Is(name);
    }

    /// <summary>Whether narrative keeps to the rules for XHTML.</summary>
    public static void HtmlChecks(Frame frame, Slice input)
    {
        if (Singleton.One(frame, input) is not { Value: string text })
            return;
        frame.SpendText(text.Length);
        frame.Push(Narrative.IsAllowed(text));
    }
}
