using System.Collections.Immutable;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Search;

/// <summary>Reads the conditions of a search: names with modifiers or chains, and their values.</summary>
internal sealed class ClauseReader(SearchCatalog catalog, ValueSets terms, DateTimeOffset? now)
{
    // A chain is as long as one likes while what it may lead to stays within so many parameters; the engines' languages have an end to what they can nest.
    private const int MostRead = 1_000;
    private const int MostLinks = 16;

    private readonly ValueReader _values = new(now, catalog.Home);
    private int _read;

    /// <summary>Fails with <see cref="Unknown"/> on a name that the type does not have.</summary>
    public Outcome<SearchClause> Read(string type, string name, string value, int depth)
    {
        if (depth > MostLinks || ++_read > MostRead)
            return new Failure.Invalid([Issue.Error("too-costly", $"The parameter {Shown(name)} may lead to too many types: name those that are meant, as in subject:Patient.name, and use fewer links.")]);
        if (name.StartsWith("_has:", StringComparison.Ordinal))
            return Has(type, name, value, depth);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (head, chained) = dot < 0 ? (name, null) : (name[..dot], name[(dot + 1)..]);
        var (code, modifier) = Divide(head);
        if (catalog.Find(type, code) is not { } parameter)
            return catalog.FindComing(type, code) is { } coming ? new NotYet(coming) : new Unknown(Shown(name), type);
        if (parameter.Type == SearchParameterType.Special)
            return new Unknown(Shown(name), type, "has rules of its own that are not supported");
        return chained is not null ? Chain(parameter, modifier, chained, name, value, depth) : One(parameter, modifier, name, value);
    }

    private Outcome<SearchClause> One(SearchParameter parameter, string? modifier, string name, string value)
    {
        if (modifier == "missing")
            return value is "true" or "false" ? Missing(parameter, name, value == "true") : Bad(name, "takes true or false");
        if (parameter.Type == SearchParameterType.Composite)
            return modifier is null ? Composite(parameter, name, value) : Bad(name, "has a modifier that is not supported");
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
        (SearchParameterType.Token, "text") => SearchModifier.Text,
        (SearchParameterType.Token, "of-type") => SearchModifier.OfType,
        (SearchParameterType.Reference, "identifier") => SearchModifier.Identifier,
        (SearchParameterType.Uri, "below") => SearchModifier.Below,
        (SearchParameterType.Uri, "above") => SearchModifier.Above,
        (SearchParameterType.Reference, _) when FhirSchema.R4.Type(modifier) is { IsResource: true } => SearchModifier.None,
        _ => null,
    };

    private Outcome<SearchClause> Values(SearchParameter parameter, SearchModifier modifier, string name, string value, string? targetType)
    {
        // The id is no coded concept.
        if (parameter.Code == "_id" && modifier is SearchModifier.Text or SearchModifier.OfType)
            return Bad(name, "has a modifier that is not supported");
        var values = ImmutableArray.CreateBuilder<SearchValue>();
        foreach (var part in SearchText.Split(value, ','))
        {
            if (part.Length == 0 || _values.Read(parameter, modifier, part, targetType) is not { } read)
                return Bad(name, $"has a value that is no {parameter.Type.ToString().ToLowerInvariant()}");
            values.Add(read);
            if (modifier == SearchModifier.Above && read is UriSearch uri)
                values.AddRange(ValueReader.Over(uri));
        }
        return Timed(name, new SearchClause(parameter, modifier, values.ToImmutable()));
    }

    private Outcome<SearchClause> Timed(string name, SearchClause clause) =>
        now is null && clause.Values.Any(v => v is DateSearch { Prefix: SearchPrefix.Ap } || (v is CompositeSearch c && c.Components.Any(p => p.Value is DateSearch { Prefix: SearchPrefix.Ap })))
            ? Bad(name, "compares a date approximately, which rests on the time of asking and is not supported here")
            : clause;

    private Outcome<SearchClause> Missing(SearchParameter parameter, string name, bool missing)
    {
        if (parameter.Type != SearchParameterType.Composite)
            return new SearchClause(parameter, SearchModifier.Missing, []) { Missing = missing };
        ImmutableArray<SearchValue> anywhere = [.. catalog.Places(parameter).Select(place => Composed(place.Components.Select(c => new ComponentSearch(c, null))))];
        return anywhere.IsEmpty ? Bad(name, "cannot be answered") : new SearchClause(parameter, SearchModifier.Missing, anywhere) { Missing = missing };
    }

    private static CompositeSearch Composed(IEnumerable<ComponentSearch> components) => new([.. components.OrderBy(c => c.Parameter.GroupDepth > 0 ? 0 : 1)]);

    /// <summary><c>code-value-quantity=8480-6$gt140</c>.</summary>
    private Outcome<SearchClause> Composite(SearchParameter parameter, string name, string value)
    {
        var values = ImmutableArray.CreateBuilder<SearchValue>();
        var places = catalog.Places(parameter);
        foreach (var texts in SearchText.Split(value, ',').Select(one => SearchText.Split(one, '$')))
            foreach (var place in places)
            {
                if (texts.Count != place.Components.Length)
                    return Bad(name, $"takes {place.Components.Length} values with $ between them");
                var read = texts.Select((text, at) => (Parameter: place.Components[at], Value: text.Length == 0 ? null : _values.Read(place.Components[at], SearchModifier.None, text, null))).ToList();
                if (read.Exists(r => r.Value is null))
                    return Bad(name, "has a component that is malformed");
                values.Add(Composed(read.Select(r => new ComponentSearch(r.Parameter, r.Value))));
            }
        return values.Count > 0 ? Timed(name, new SearchClause(parameter, SearchModifier.None, values.ToImmutable())) : Bad(name, "cannot be answered: what it is composed of is not known");
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
        var links = ImmutableArray.CreateBuilder<SearchQuery>();
        foreach (var type in types)
            if (Read(type, chained, value, depth + 1).TryGet(out var clause, out var failure))
                links.Add(new SearchQuery(type, [clause]));
            else if (failure is not Unknown)
                return failure;
        return links.Count == 0 ? new Unknown(Shown(name), parameter.ResourceType) : new SearchClause(parameter, SearchModifier.None, []) { Chain = links.ToImmutable() };
    }

    /// <summary><c>_has:Observation:patient:code=1234-5</c>.</summary>
    private Outcome<SearchClause> Has(string type, string name, string value, int depth)
    {
        var parts = name.Split(':', 4);
        if (parts.Length == 4 && catalog.Find(parts[1], parts[2]) is null && catalog.FindComing(parts[1], parts[2]) is { } coming)
            return new NotYet(coming);
        if (parts.Length < 4 || FhirSchema.R4.Type(parts[1]) is not { IsResource: true } || catalog.Find(parts[1], parts[2]) is not { Type: SearchParameterType.Reference } parameter)
            return new Unknown(Shown(name), type);
        return Read(parts[1], parts[3], value, depth + 1).Select(clause => new SearchClause(parameter, SearchModifier.None, []) { Has = new(parts[1], [clause]) });
    }

    private static Failure.Invalid Bad(string name, string what) => new($"The parameter {Shown(name)} {what}.");

    /// <summary>A name comes from outside: only what looks like one is repeated.</summary>
    private static string Shown(string name) => name.Length <= 80 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.') ? name : "with a malformed name";
}

/// <summary>A parameter that the type does not have: refused, or dropped when the client is lenient.</summary>
internal sealed record Unknown(string Name, string Type, string What = "is not known")
    : Failure([Issue.Error("not-supported", $"The parameter {Name} {What} for the type {Type}.")]);
