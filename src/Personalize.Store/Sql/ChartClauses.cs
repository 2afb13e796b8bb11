using System.Collections.Immutable;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The two clauses of a query that a chart answers together: whose, and which code.</summary>
/// <param name="Patient">Names one patient.</param>
/// <param name="Code">Names codes.</param>
internal sealed record ChartClauses(SearchClause Patient, SearchClause Code)
{
    /// <summary>The clauses that hold for every row that the chart lists; one that names a system is still to be asked.</summary>
    public ImmutableArray<SearchClause> Answered { get; } = Code.Values.All(v => v is TokenSearch { System: null }) ? [Patient, Code] : [Patient];

    /// <summary>The codes; of one alone the chart lies in the order of its dates.</summary>
    public IEnumerable<string> Codes => Code.Values.Cast<TokenSearch>().Select(v => v.Code!).Distinct();

    /// <summary>The id of the patient.</summary>
    public string Id => ((ReferenceSearch)Patient.Values[0]).Target;

    /// <summary>The clauses of a query that a chart answers; null when there are none.</summary>
    /// <param name="query">The query.</param>
    /// <param name="sight">What is hidden of a parameter cannot be read in a chart.</param>
    public static ChartClauses? Of(SearchQuery query, DerivedSight sight)
    {
        if (Chart.Of(query.Type) is not { } chart || query.Clauses.FirstOrDefault(IsPatient) is not { } patient)
            return null;
        return chart.Codes.Select(parameter => query.Clauses.FirstOrDefault(clause => clause.Parameter.Equals(parameter) && IsCode(clause)))
            .FirstOrDefault(clause => clause is not null && sight.Codes(clause.Parameter) is null) is { } code ? new(patient, code) : null;
    }

    private static bool IsPatient(SearchClause clause) => clause is { Modifier: SearchModifier.None, Has: null, Chain.IsEmpty: true, Values: [ReferenceSearch { IsUrl: false } one] }
        && Chart.IsPatient(clause.Parameter) && (one.Type == "Patient" || (one.Type is null && clause.Parameter.Targets is ["Patient"]));

    private static bool IsCode(SearchClause clause) => clause is { Modifier: SearchModifier.None, Values.IsEmpty: false } && clause.Values.All(v => v is TokenSearch { Code.Length: > 0 });
}
