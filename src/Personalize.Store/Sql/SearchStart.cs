using System.Collections.Immutable;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The rows that a search begins with: no others need be looked at.</summary>
/// <param name="AddRows">Writes a query of one column, the numbers of the rows.</param>
/// <param name="Answered">The clauses that hold for all of them.</param>
internal sealed record SearchStart(Action<ClauseSql> AddRows, ImmutableArray<SearchClause> Answered)
{
    /// <summary>Begins with what one clause finds.</summary>
    public static SearchStart With(SearchClause clause) => new(sql => sql.AddRows(clause), [clause]);

    /// <summary>Begins with the resources that <c>_id</c> names; null when it does not.</summary>
    public static SearchStart? WithIds(SearchQuery query) => query.Clauses.FirstOrDefault(c => c is { Parameter.Code: "_id", Modifier: SearchModifier.None, Has: null, Chain.IsEmpty: true }) is { } clause
        ? new(sql => sql.AddRowsOfIds(clause, query.Type), [clause]) : null;

    /// <summary>Begins with a part of a patient's chart.</summary>
    public static SearchStart With(ChartClauses chart) => new(sql => sql.AddRows(chart), chart.Answered);
}
