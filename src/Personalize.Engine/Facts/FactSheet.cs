using System.Collections.Immutable;
using Personalize.Engine.Content;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Facts;

/// <summary>All facts about one patient.</summary>
public sealed class FactSheet
{
    private readonly Dictionary<string, Fact> _byName = [];

    private FactSheet(IEnumerable<FactDefinition> definitions, Evaluation evaluation)
    {
        foreach (var definition in definitions)
        {
            var fact = Tell(definition, evaluation.Run(definition.Expression));
            _byName.Add(definition.Name, fact);
            evaluation.Give(definition.Name, fact.Values);
        }
        All = [.. definitions.Select(definition => _byName[definition.Name])];
    }

    /// <summary>All facts, in the order of the knowledge.</summary>
    public ImmutableArray<Fact> All { get; }

    /// <summary>Works out all facts; later expressions of the evaluation see them.</summary>
    public static FactSheet Of(Knowledge knowledge, Evaluation evaluation) => new(knowledge.Facts, evaluation);

    /// <summary>The fact of that name, or null.</summary>
    public Fact? Fact(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The facts that an expression mentions, in order of appearance.</summary>
    public IEnumerable<Fact> Mentioned(FhirPathExpression expression) => Mentions.Facts(expression).Select(Fact).OfType<Fact>();

    private Fact Tell(FactDefinition definition, Evaluated evaluated)
    {
        var behind = Mentioned(definition.Expression).ToList();
        var fits = evaluated.Values.Items.All(value => FactTyping.Fits(definition.Type, value));
        var values = fits ? evaluated.Values : PathValues.Empty;
        var fault = evaluated.Fault ?? (fits ? null : "The value is not of the type that the fact tells.");
        ImmutableArray<Resource> used = [.. evaluated.Used.Concat(behind.SelectMany(fact => fact.Used)).Distinct()];
        return new Fact(definition, values, used, values.Items.Count > 0 ? [] : Roots(definition, behind), fault);
    }

    private static ImmutableArray<FactDefinition> Roots(FactDefinition definition, IEnumerable<Fact> behind)
    {
        ImmutableArray<FactDefinition> roots = [.. behind.SelectMany(fact => fact.Roots).Distinct()];
        return roots.IsEmpty ? [definition] : roots;
    }
}
