using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>The order of rows by their keys, as the database has it, to put pages of several types together. Rows grow with time over all types.</summary>
internal sealed class PageOrder : IComparer<SqlValue[]>
{
    private readonly bool[] _descending;
    private readonly bool _isByRow;

    private PageOrder(SearchQuery query) => (_descending, _isByRow) = ([.. query.Sort.Select(key => key.Descending)], SortSql.IsByRowOf(query.Sort));

    public static PageOrder Of(SearchQuery query) => new(query);

    /// <summary>The first of all rows.</summary>
    public List<(SqlValue[] Key, Stored Stored)> Merged(IEnumerable<(SqlValue[] Key, Stored Stored)> all, int limit) => [.. all.OrderBy(row => row.Key, this).Take(limit)];

    /// <inheritdoc/>
    public int Compare(SqlValue[]? x, SqlValue[]? y)
    {
        for (var at = 0; at < _descending.Length && !_isByRow; at++)
            if (Compare(x![at + 1], y![at + 1]) is not 0 and var order)
                return _descending[at] ? -order : order;
        return x![0].Integer.CompareTo(y![0].Integer) * (_descending is [true, ..] ? -1 : 1);
    }

    // Times and ids: every resource has one of each.
    private static int Compare(SqlValue x, SqlValue y) => x.Kind == SqlKind.Text ? string.CompareOrdinal(x.Text, y.Text) : x.Integer.CompareTo(y.Integer);
}
