using System.Collections.Immutable;
using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>A part of an index that lies in the order that is wanted: who goes through it stops where the page is full.</summary>
/// <param name="Table">The table, which is called <c>w</c>.</param>
/// <param name="Order">How its rows are ordered.</param>
/// <param name="AddRange">Writes the condition on <c>w</c> that says which part.</param>
/// <param name="Answered">The clauses that hold for all its rows.</param>
internal sealed record SearchWalk(string Table, WalkOrder Order, Action<ClauseSql> AddRange, ImmutableArray<SearchClause> Answered)
{
    /// <summary>Through the rows of a clause as they were stored; null when its index does not have them so.</summary>
    public static SearchWalk? ByRow(SearchClause clause) => clause.Values switch
    {
        [TokenSearch { Code: not null }] => new("tok", WalkOrder.Row, sql => sql.AddRange(clause), [clause]),
        [ReferenceSearch { IsUrl: false, Type: not null }] when clause.Modifier == SearchModifier.None => new("ref", WalkOrder.Row, sql => sql.AddRange(clause), [clause]),
        _ => null,
    };

    /// <summary>Through a patient's chart by date, from either end; what has no date, which lies at its beginning, last.</summary>
    public static IEnumerable<SearchWalk> ByDate(ChartClauses chart, SortKey key) => key.Descending
        ? [new("chart", WalkOrder.Date, sql => sql.AddChart(chart), chart.Answered) { HoldsUndated = true }]
        : [new("chart", WalkOrder.Date, sql => sql.AddChart(chart, isDated: true), chart.Answered), new("chart", WalkOrder.Undated, sql => sql.AddChart(chart, isDated: false), chart.Answered)];

    /// <summary>True for an order by date in which what has no date comes last by itself.</summary>
    public bool HoldsUndated { get; private init; }

    /// <summary>Through all rows of a type by date, from either end; what has no date last, unless the clauses on the date leave it out.</summary>
    public static IEnumerable<SearchWalk> ByDate(SearchQuery query, SortKey key)
    {
        var dates = DatesOf(query, key);
        var bounds = dates.Aggregate(default(DateBounds), (all, clause) => all.And(DateBounds.Any(clause.Values.Cast<DateSearch>())));
        SearchWalk Part(DatePart part) => new("dt", WalkOrder.Date, sql => sql.AddDates(key, dates, bounds, part), dates);
        var ofLong = bounds is { MayBeLong: true, From: not null };
        if (ofLong && !key.Descending)
            yield return Part(DatePart.LongBefore);
        yield return Part(DatePart.Within);
        if (ofLong && key.Descending)
            yield return Part(DatePart.LongBefore);
        if (dates.IsEmpty)
            yield return new("res", WalkOrder.Undated, sql => sql.AddUndated(query.Type, key), []);
    }

    /// <summary>The clauses on what is sorted by that one look at its index answers: where a resource has several dates, another of them may be meant.</summary>
    public static ImmutableArray<SearchClause> DatesOf(SearchQuery query, SortKey key) => !SearchCatalog.IsSingle(key.Parameter) ? []
        : [.. query.Clauses.Where(c => c is { Modifier: SearchModifier.None, Has: null, Chain.IsEmpty: true, Values.IsEmpty: false } && c.Parameter.Equals(key.Parameter) && c.Values.All(v => v is DateSearch))];
}

/// <summary>How the rows of a <see cref="SearchWalk"/> are ordered.</summary>
internal enum WalkOrder
{
    /// <summary>As they were stored.</summary>
    Row,
    /// <summary>By <c>w.lo</c>.</summary>
    Date,
    /// <summary>As they were stored: they have no date.</summary>
    Undated,
}

/// <summary>A part of the index of dates.</summary>
internal enum DatePart
{
    /// <summary>What lies within the bounds.</summary>
    Within,
    /// <summary>Long spans that begin before the bounds.</summary>
    LongBefore,
}
