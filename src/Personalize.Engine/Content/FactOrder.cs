using System.Collections.Immutable;

namespace Personalize.Engine.Content;

/// <summary>Puts facts in an order in which each one comes behind those that it mentions.</summary>
internal sealed class FactOrder
{
    private readonly Dictionary<string, FactDefinition> _byName;
    private readonly HashSet<string> _done = [];
    private readonly HashSet<string> _open = [];
    private readonly ImmutableArray<FactDefinition>.Builder _ordered = ImmutableArray.CreateBuilder<FactDefinition>();
    private readonly Action<FactDefinition> _cycle;

    private FactOrder(IEnumerable<FactDefinition> facts, Action<FactDefinition> cycle)
    {
        _byName = facts.ToDictionary(fact => fact.Name);
        _cycle = cycle;
    }

    /// <summary>The order; a fact that rests on itself is told to <paramref name="cycle"/>. Names must be distinct.</summary>
    public static ImmutableArray<FactDefinition> Of(IEnumerable<FactDefinition> facts, Action<FactDefinition> cycle)
    {
        var order = new FactOrder(facts, cycle);
        foreach (var fact in order._byName.Values.OrderBy(fact => fact.Name, StringComparer.Ordinal))
            order.Visit(fact);
        return order._ordered.ToImmutable();
    }

    private void Visit(FactDefinition fact)
    {
        if (_done.Contains(fact.Name))
            return;
        if (!_open.Add(fact.Name))
        {
            _cycle(fact);
            return;
        }
        foreach (var name in Mentions.Facts(fact.Expression))
            if (_byName.TryGetValue(name, out var mentioned))
                Visit(mentioned);
        _open.Remove(fact.Name);
        if (_done.Add(fact.Name))
            _ordered.Add(fact);
    }
}
