using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.FhirPath;

/// <summary>A step to the children of one name. What a type calls by that name is looked up again only when the type changes.</summary>
internal sealed class Member(string name)
{
    private readonly bool _mayBeType = MayBeType(name);

    /// <summary>True for the name of a type, which at the beginning of a path may mean the focus itself.</summary>
    public static bool MayBeType(string name) => name is [>= 'A' and <= 'Z', ..] && FhirSchema.R4.Type(name) is not null;

    // Threads may overwrite each other's finding: each one is right for its own type.
    private Kin? _last;

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
            if (item.IsElement && KinOf(item.Raw.Type).IsSelf)
                frame.Push(item);
            else
                Push(frame, item);
        }
    }

    /// <summary>How many children the items have, at most <paramref name="enough"/>; they are counted where they lie.</summary>
    public int Count(Frame frame, Slice focus, int enough)
    {
        frame.Spend(focus.Count);
        var count = 0;
        for (var i = focus.Start; i < focus.End && count < enough; i++)
            count += Count(frame[i], enough - count);
        return count;
    }

    private int Count(in PathValue item, int enough) =>
        item.IsElement ? KinOf(item.Raw.Type).Count(item.Raw, enough) : OfSystem(item.System!) is null ? 0 : 1;

    /// <summary>See <see cref="Kin.HasValue"/>.</summary>
    public bool? HasValue(in PathValue item) => item.IsElement ? KinOf(item.Raw.Type).HasValue(item.Raw) : null;

    /// <summary>The one child of an item as a text that can be compared; see <see cref="Kin.IsText"/>.</summary>
    public bool? IsText(in PathValue item, ReadOnlySpan<byte> utf8, out bool isPlain)
    {
        isPlain = false;
        return item.IsElement ? KinOf(item.Raw.Type).IsText(item.Raw, utf8, out isPlain) : null;
    }

    private void Push(Frame frame, in PathValue item)
    {
        if (item.IsElement)
            KinOf(item.Raw.Type).Push(frame, item.Raw);
        else if (OfSystem(item.System!) is { } part)
            frame.Push(part);
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

    private Kin KinOf(FhirType type)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Type, type))
            _last = last = new Kin(type, Find(type), _mayBeType && type.Is(name));
        return last;
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
