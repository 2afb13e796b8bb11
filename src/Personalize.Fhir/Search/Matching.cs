using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Search;

/// <summary>Says in memory whether a resource matches a query: the meaning that the store's SQL must have. Pure.</summary>
public static class Matching
{
    /// <summary>True when every clause holds. Sort, paging and includes are not looked at.</summary>
    /// <param name="resource">As stored, with its id and meta.</param>
    /// <param name="query">The query.</param>
    /// <param name="catalog">The catalog that the query was read with.</param>
    /// <param name="find">Finds the target of a reference for chains; null finds none.</param>
    /// <param name="referrers">Lists the resources of a type that may refer to this one, for <c>_has</c>; null lists none.</param>
    public static bool Matches(Resource resource, SearchQuery query, SearchCatalog catalog, Func<ResourceKey, Resource?>? find = null, Func<string, IEnumerable<Resource>>? referrers = null) =>
        resource.Type == query.Type && new Matcher(catalog, find, referrers).Matches(resource, query);

    private sealed class Matcher(SearchCatalog catalog, Func<ResourceKey, Resource?>? find, Func<string, IEnumerable<Resource>>? referrers)
    {
        private readonly IndexEntries _entries = new();

        public bool Matches(Resource resource, SearchQuery query)
        {
            var asked = query.Clauses.SelectMany(Asked).ToHashSet();
            var values = Values(resource, asked.Contains).Concat(OfRow(resource)).ToLookup(v => v.Parameter);
            return LiesIn(resource, query.Compartment) && query.Clauses.All(clause => Holds(resource, values, clause));
        }

        private bool LiesIn(Resource resource, ResourceId? patient)
        {
            if (patient is null)
                return true;
            _entries.Fill(resource, catalog);
            return Compartments.Patients(resource.Type, resource.Id, _entries, catalog).Contains(patient);
        }

        private static IEnumerable<SearchParameter> Asked(SearchClause clause) =>
            clause.Values.OfType<CompositeSearch>().SelectMany(value => value.Components).Select(component => component.Parameter).Append(clause.Parameter);

        private bool Holds(Resource resource, ILookup<SearchParameter, IndexValue> values, SearchClause clause)
        {
            if (clause.Has is { } has)
                return IsNamedBy(resource, clause.Parameter, has);
            var own = values[clause.Parameter];
            if (!clause.Chain.IsEmpty)
                return own.OfType<ReferenceIndex>().Any(r => Leads(r, clause));
            if (clause.Parameter.Type == SearchParameterType.Composite)
                return clause.Values.OfType<CompositeSearch>().Any(wanted => Composed(values, wanted)) != clause.Missing;
            return clause.Modifier == SearchModifier.Missing ? own.Any() != clause.Missing : own.Any(v => MeetsAny(v, clause)) != clause.IsNegated;
        }

        private static bool Composed(ILookup<SearchParameter, IndexValue> values, CompositeSearch wanted)
        {
            var groups = wanted.Components.ToLookup(component => component.Parameter.GroupDepth > 0, component => values[component.Parameter].Where(v => Meets(v, component.Value)));
            return groups[false].All(found => found.Any())
                && groups[true].Select(found => found.Select(v => v.Group)).Aggregate((IEnumerable<int>?)null, (all, one) => all is null ? one : all.Intersect(one))?.Any() != false;
        }

        private static bool Meets(IndexValue value, SearchValue? wanted) =>
            wanted is null ? value is not (WordsIndex or OfTypeIndex or CanonicalIndex) : Comparing.Meets(value, wanted, SearchModifier.None);

        private static bool MeetsAny(IndexValue value, SearchClause clause) => clause.Values.Any(wanted => Comparing.Meets(value, wanted, clause.Modifier));

        private bool Leads(ReferenceIndex reference, SearchClause clause) =>
            !reference.IsUrl && clause.Chain.FirstOrDefault(q => q.Type == reference.Type) is { } next
            && find?.Invoke(ResourceKey.Of(reference.Type, reference.Target)) is { } target && Matches(target, next);

        private bool IsNamedBy(Resource resource, SearchParameter parameter, SearchQuery query) =>
            resource.Id is { } id && (referrers?.Invoke(query.Type) ?? []).Any(other => Names(other, parameter, resource.Type, id.ToString()) && Matches(other, query));

        private bool Names(Resource other, SearchParameter parameter, string type, string id) =>
            Values(other, parameter.Equals).OfType<ReferenceIndex>().Any(r => r is { IsUrl: false } && r.Type == type && r.Target == id);

        /// <summary>The values of the wanted parameters, each an object of its own: of one resource another may be asked before they are looked at.</summary>
        private List<IndexValue> Values(Resource resource, Func<SearchParameter, bool> wanted)
        {
            var values = new List<IndexValue>();
            _entries.Fill(resource, catalog);
            foreach (ref readonly var entry in _entries.All)
                if (wanted(_entries.Parameter(entry)))
                    values.Add(_entries.Value(entry));
            return values;
        }

        /// <summary>What the store keeps in the row of the resource.</summary>
        private IEnumerable<IndexValue> OfRow(Resource resource)
        {
            if (resource.Id is { } id && catalog.Find(resource.Type, "_id") is { } byId)
                yield return new TokenIndex(byId, "", id.ToString());
            if (resource.Root.Child("meta")?.Child("lastUpdated")?.Text is { } updated && SearchDates.TryParse(updated, out var range) && catalog.Find(resource.Type, "_lastUpdated") is { } byTime)
                yield return new DateIndex(byTime, range);
        }
    }
}
