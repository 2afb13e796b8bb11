using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>Definitions: canonicals are absolute, and what R4 says of CodeSystem, ValueSet, Questionnaire and StructureDefinition only in words. Source: FHIR R4, the pages of these resources.</summary>
internal sealed class ConformanceRules(Findings findings)
{
    public void Check(Element resource)
    {
        if (resource.Type.Element("url") is { Path: var path } && path.Count(c => c == '.') == 1 && resource.Type.Element("status") is not null)
            Absolute(resource.Child("url"), "The canonical of a definition must be an absolute URL.");
        switch (resource.Type.Name)
        {
            case "CodeSystem":
                CodeSystem(resource);
                break;
            case "ValueSet":
                ValueSet(resource);
                break;
            case "Questionnaire":
                Questions(resource);
                break;
            case "StructureDefinition":
                Differential(resource);
                break;
        }
    }

    private void Absolute(Element? uri, string text)
    {
        if (uri is not { HasValue: true } at || at.Text is not { } value)
            return;
        if (!value.Contains(':', StringComparison.Ordinal))
            findings.Error(Findings.Value, text, at);
        else if (value.StartsWith("urn:uuid:", StringComparison.Ordinal) && PrimitiveRules.Fault(PrimitiveKind.Uuid, at.Tree, at.Node) is { } fault)
            findings.Error(Findings.Value, fault.Text, at);
    }

    private void CodeSystem(Element system)
    {
        if (system.Child("supplements") is not null && system.Child("content")?.TextIs("supplement") == false)
            findings.Error(Findings.BusinessRule, "What supplements another system must say so in its content.", system.Child("content")!.Value);
        var types = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var property in system.Children("property"))
            if (property.Child("code")?.Text is { } code && !types.TryAdd(code, property.Child("type")?.Text))
                findings.Error(Findings.BusinessRule, "A property of that code is there already.", property);
        Properties(system, types);
    }

    private void Properties(Element parent, Dictionary<string, string?> types)
    {
        foreach (var concept in parent.Children("concept"))
        {
            foreach (var property in concept.Children("property"))
                if (property.Child("code")?.Text is { } code && types.GetValueOrDefault(code) is { } type && property.Child("value") is { } value && !string.Equals(value.Type.Name, type, StringComparison.OrdinalIgnoreCase))
                    findings.Error(Findings.Value, "The property has another type in this code system.", property);
            Properties(concept, types);
        }
    }

    private void ValueSet(Element set)
    {
        foreach (var part in set.Children("compose"))
            foreach (var name in new[] { "include", "exclude" })
                foreach (var include in part.Children(name))
                    Absolute(include.Child("system"), "A code system is named by its absolute URL.");
    }

    private void Questions(Element parent)
    {
        foreach (var item in parent.Children("item"))
        {
            if (item.Child("enableBehavior") is null && item.Children("enableWhen").Skip(1).Any())
                findings.Error(Findings.Required, "Who asks for more than one condition must say whether all of them count.", item, "enableBehavior");
            Questions(item);
        }
    }

    /// <summary>A constraint of a type of R4 speaks of elements that the type has.</summary>
    private void Differential(Element definition)
    {
        if (definition.Child("derivation")?.TextIs("constraint") != true || FhirSchema.R4.Type(definition.Child("type")?.Text ?? "") is null)
            return;
        foreach (var element in definition.Child("differential")?.Children("element") ?? default)
            if (element.Child("path") is { HasValue: true } path && !IsKnown(path.Text!.Split('.')))
                findings.Error(Findings.Structure, "R4 has no such element.", path);
    }

    private static bool IsKnown(string[] path)
    {
        var type = FhirSchema.R4.Type(path[0]);
        foreach (var name in path.Skip(1))
        {
            // What lies below a choice or a resource depends on the profile.
            if (type is null or { IsAbstract: true, IsResource: true })
                return true;
            var bare = name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name;
            if (type.Element(bare) is { } known)
                type = known.Types is [var only] ? only : null;
            else if (type.Elements.SelectMany(e => e.Properties).FirstOrDefault(p => p.Name == bare) is { } property)
                type = property.Type;
            else
                return false;
        }
        return true;
    }
}
