using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>A step to the children of one name. What a type calls by that name is looked up again only when the type changes.</summary>
internal sealed class Member(string name)
{
    private readonly bool _mayBeType = char.IsAsciiLetterUpper(name[0]) && FhirSchema.R4.Type(name) is not null;

    private sealed record Found(FhirType Type, ElementDef? Element);

    // Threads may overwrite each other's finding: each one is right for its own type.
    private Found? _last;

    /// <summary>The children of all items.</summary>
    public void Step(Frame frame, Slice focus)
    {
        frame.Spend(focus.Count);
        for (var i = focus.Start; i < focus.End; i++)
            Push(frame, frame[i]);
    }

    /// <summary>The same at the beginning of a path, where the name of the item's type means the item itself.</summary>
    public Step AtStart() => _mayBeType ? StepOrSelf : Step;

    private void StepOrSelf(Frame frame, Slice focus)
    {
        frame.Spend(focus.Count);
        for (var i = focus.Start; i < focus.End; i++)
        {
            var item = frame[i];
            if (item.IsElement && item.Raw.Type.Is(name))
                frame.Push(item);
            else
                Push(frame, item);
        }
    }

    private void Push(Frame frame, in PathValue item)
    {
        if (!item.IsElement)
        {
            if (OfSystem(item.System!) is { } part)
                frame.Push(part);
            return;
        }
        var element = item.Raw;
        if (DefinitionIn(element.Type) is not { } definition)
            return;
        foreach (var child in element.Children(definition))
            frame.Push(child);
    }

    /// <summary>System's Quantity and the answer of <c>type()</c> have parts of their own.</summary>
    private PathValue? OfSystem(object value) => (value, name) switch
    {
        (TypeFact fact, "name") => new PathValue(fact.Name),
        (TypeFact fact, "namespace") => new PathValue(fact.Namespace),
        (Quantity quantity, "value") => new PathValue(quantity.Value),
        (Quantity quantity, "unit") => new PathValue(quantity.Unit),
        _ => null,
    };

    private ElementDef? DefinitionIn(FhirType type)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Type, type))
            _last = last = new Found(type, Find(type));
        return last.Element;
    }

    /// <summary>A name that no element has gives nothing; but the name of a choice with its type, as JSON has it, is a mistake that would stay unseen.</summary>
    private ElementDef? Find(FhirType type)
    {
        if (type.Element(name) is { } definition)
            return definition;
        foreach (var choice in type.Elements)
        {
            if (choice.IsChoice && choice.Properties.Any(p => p.Name == name))
                throw new PathError($"{name} is written {choice.Name} in FHIRPath", ExpressionFault.Semantic);
        }
        return null;
    }
}
