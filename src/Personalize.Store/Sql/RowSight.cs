using Personalize.Fhir.Search;

namespace Personalize.Store.Sql;

/// <summary>Leaves out the index rows of derived values that an access may not see: then no search, sort or count tells of them.</summary>
internal sealed class RowSight(DerivedSight sight, Dialect dialect, SqlText sql)
{
    /// <summary>Narrows the rows of a parameter, behind <c>p=?</c>; only tokens have rows of derived values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="hasCode">False for rows that do not say the code: then none is shown where some are hidden.</param>
    public void Add(SearchParameter parameter, bool hasCode = true)
    {
        if (sight.Codes(parameter) is not { } codes)
            return;
        if (parameter.Type == SearchParameterType.Token && hasCode && codes.Count > 0)
            sql.Add($" AND code {dialect.AnyOf}", codes.ToArray());
        else
            sql.Add(" AND FALSE");
    }
}
