using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Reads one condition of a search: name with modifier or chain, and its values.</summary>
internal sealed class ClauseReader(SearchCatalog catalog, ValueSets terms)
{
    private const int MaxChain = 3;

    /// <summary>Fails with <see cref="Unknown"/> on a name that the type does not have.</summary>
    public Outcome<SearchClause> Read(string type, string name, string value, int depth)
    {
        if (name.StartsWith("_has:", StringComparison.Ordinal))
            return depth < MaxChain ? Has(type, name, value, depth) : Bad(name, "has too many links");
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (head, chained) = dot < 0 ? (name, null) : (name[..dot], name[(dot + 1)..]);
        var (code, modifier) = Divide(head);
        if (catalog.Find(type, code) is not { Type: not (SearchParameterType.Composite or SearchParameterType.Special) } parameter)
            return new Unknown(Shown(name), type);
        if (chained is not null)
            return depth < MaxChain ? Chain(parameter, modifier, chained, name, value, depth) : Bad(name, "has too many links");
        if (modifier == "missing")
            return value is "true" or "false" ? new SearchClause(parameter, SearchModifier.Missing, []) { Missing = value == "true" } : Bad(name, "takes true or false");
        if (Modifier(parameter.Type, modifier) is not { } known)
            return Bad(name, "has a modifier that is not supported");
        return parameter.Type == SearchParameterType.Token && known is SearchModifier.In or SearchModifier.NotIn or SearchModifier.Below or SearchModifier.Above
            ? Terms(parameter, known, name, value)
            : Values(parameter, known, name, value, known == SearchModifier.None ? modifier : null);
    }

    private static (string Code, string? Modifier) Divide(string head)
    {
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (head, null) : (head[..colon], head[(colon + 1)..]);
    }

    private static SearchModifier? Modifier(SearchParameterType type, string? modifier) => (type, modifier) switch
    {
        (_, null) => SearchModifier.None,
        (SearchParameterType.String, "exact") => SearchModifier.Exact,
        (SearchParameterType.String, "contains") => SearchModifier.Contains,
        (SearchParameterType.Token, "not") => SearchModifier.Not,
        (SearchParameterType.Token, "in") => SearchModifier.In,
        (SearchParameterType.Token, "not-in") => SearchModifier.NotIn,
        (SearchParameterType.Token, "below") => SearchModifier.Below,
        (SearchParameterType.Token, "above") => SearchModifier.Above,
        (SearchParameterType.Reference, "identifier") => SearchModifier.Identifier,
        (SearchParameterType.Uri, "below") => SearchModifier.Below,
        (SearchParameterType.Reference, _) when FhirSchema.R4.Type(modifier) is { IsResource: true } => SearchModifier.None,
        _ => null,
    };

    private static Outcome<SearchClause> Values(SearchParameter parameter, SearchModifier modifier, string name, string value, string? targetType)
    {
        var values = ImmutableArray.CreateBuilder<SearchValue>();
        foreach (var part in SearchText.Split(value, ','))
        {
            if (part.Length == 0 || ValueReader.Read(parameter, modifier, part, targetType) is not { } read)
                return Bad(name, $"has a value that is no {parameter.Type.ToString().ToLowerInvariant()}");
            values.Add(read);
        }
        return new SearchClause(parameter, modifier, values.ToImmutable());
    }

    /// <summary>What a value set or a hierarchy means is found here, once: the store and the matcher see codes alone.</summary>
    private Outcome<SearchClause> Terms(SearchParameter parameter, SearchModifier modifier, string name, string value)
    {
        // The id is no coded concept.
        if (parameter.Code == "_id")
            return Bad(name, "has a modifier that is not supported");
        var values = ImmutableArray.CreateBuilder<SearchValue>();
        foreach (var part in SearchText.Split(value, ','))
            if (CodeReader.Read(parameter, modifier, part, terms).TryGet(out var codes, out var failure))
                values.AddRange(codes);
            else
                return new Failure.Invalid([Issue.Error(failure.Issues[0].Code, $"The parameter {Shown(name)} cannot be answered: {failure.Issues[0].Text}")]);
        return new SearchClause(parameter, modifier, values.ToImmutable());
    }

    private Outcome<SearchClause> Chain(SearchParameter parameter, string? targetType, string chained, string name, string value, int depth)
    {
        if (parameter.Type != SearchParameterType.Reference)
            return Bad(name, "follows a parameter that is no reference");
        if (targetType is not null && FhirSchema.R4.Type(targetType) is not { IsResource: true })
            return Bad(name, "names a type that R4 does not have");
        IEnumerable<string> types = targetType is not null ? [targetType] : parameter.Targets.Count > 0 ? parameter.Targets : FhirSchema.R4.ResourceTypes;
        var read = types.Select(t => (Type: t, Clause: Read(t, chained, value, depth + 1))).ToList();
        var links = read.Where(r => r.Clause.Failure is null).Select(r => new SearchQuery(r.Type, [r.Clause.Value])).ToImmutableArray();
        var fault = read.Select(r => r.Clause.Failure).FirstOrDefault(f => f is not null and not Unknown);
        if (fault is not null)
            return fault;
        return links.IsEmpty ? new Unknown(Shown(name), parameter.ResourceType) : new SearchClause(parameter, SearchModifier.None, []) { Chain = links };
    }

    /// <summary><c>_has:Observation:patient:code=1234-5</c>.</summary>
    private Outcome<SearchClause> Has(string type, string name, string value, int depth)
    {
        var parts = name.Split(':', 4);
        if (parts.Length < 4 || FhirSchema.R4.Type(parts[1]) is not { IsResource: true } || catalog.Find(parts[1], parts[2]) is not { Type: SearchParameterType.Reference } parameter)
            return new Unknown(Shown(name), type);
        return Read(parts[1], parts[3], value, depth + 1).Select(clause => new SearchClause(parameter, SearchModifier.None, []) { Has = new(parts[1], [clause]) });
    }

    private static Failure.Invalid Bad(string name, string what) => new($"The parameter {Shown(name)} {what}.");

    /// <summary>A name comes from outside: only what looks like one is repeated.</summary>
    private static string Shown(string name) => name.Length <= 80 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.') ? name : "with a malformed name";
}

/// <summary>A parameter that the type does not have: refused, or dropped when the client is lenient.</summary>
internal sealed record Unknown(string Name, string Type)
    : Failure([Issue.Error("not-supported", $"The parameter {Name} is not known for the type {Type}.")]);
