using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Validation;

/// <summary>Extensions: whether they are known, stand where they may, and keep their definition. Source: FHIR R4, Defining Extensions.</summary>
internal sealed class ExtensionRules(Findings findings, ValidationContext context, ProfileRules profiles)
{
    // R4 says that it stands in the code of a type, but its own definitions bear it in the type.
    private const string TypeOfPrimitive = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    public void Check(Element extension, Element parent)
    {
        if (parent.Definition?.Path == "Resource.id")
            findings.Error(Findings.Extension, "The id of a resource has no extensions.", parent);
        // The url of a part is a plain name that the definition of the whole explains.
        if (extension.Child("url")?.Text is not { } url || !url.Contains(':', StringComparison.Ordinal))
            return;
        if (context.Profiles.Find(url) is not { } known || known.Type.Name != "Extension")
        {
            if (context.Strictness.KnownExtensionsOnly)
                findings.Error(Findings.NotFound, "The extension is not known here.", extension);
            else if (context.Warnings)
                findings.Once(url, Findings.NotFound, "The extension is not known here.", extension);
            return;
        }
        if (known.Contexts.Length > 0 && url != TypeOfPrimitive && !known.Contexts.Any(c => Allows(c, parent)))
            findings.Error(Findings.Extension, $"The extension may not stand here, but in {string.Join(" or ", known.Contexts.Select(c => c.Expression))}.", extension);
        profiles.Check(extension, known);
    }

    private bool Allows(ExtensionContext allowed, Element parent) => allowed.Kind switch
    {
        "element" => IsAt(allowed.Expression, parent),
        "extension" => parent.Type.Name == "Extension" && parent.Child("url")?.TextIs(allowed.Expression) == true,
        _ => IsSelected(allowed.Expression, parent),
    };

    private static bool IsAt(string expression, Element parent)
    {
        // An element of a profile is named by its canonical: that it is used at all is as much as can be said here.
        if (expression.Contains('#', StringComparison.Ordinal) || expression == "Element" || parent.Type.Is(expression) || parent.Definition?.Path == expression)
            return true;
        if (!expression.Contains('.', StringComparison.Ordinal))
            return expression is "CanonicalResource" or "MetadataResource" && parent.Type is { IsResource: true } type && type.Element("url") is not null && type.Element("status") is not null;
        var path = expression.Replace("[x]", "", StringComparison.Ordinal);
        return parent.Definition?.Path.Replace("[x]", "", StringComparison.Ordinal) == path || Plain(parent) == path;
    }

    /// <summary>The place of the element in its own resource, without indexes.</summary>
    private static string Plain(Element element)
    {
        var place = element.Location();
        var resource = EnvironmentConstants.Innermost(element);
        var root = resource is { Node: > 0 } inner ? inner.Location() : null;
        var own = root is null ? place : resource!.Value.Type.Name + place[root.Length..];
        return string.Concat(own.Split('[').Select((part, at) => at == 0 ? part : part[(part.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    private bool IsSelected(string expression, Element parent)
    {
        if (EnvironmentConstants.Innermost(parent) is not { } resource)
            return true;
        var selected = FhirPathExpression.Parse(expression).Then(e => e.Evaluate(PathValues.Of(resource), context.Path));
        return !selected.TryGet(out var items, out _) || items.Items.Any(i => i.Element == parent);
    }
}
