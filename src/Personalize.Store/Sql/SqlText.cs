using System.Text;

namespace Personalize.Store.Sql;

/// <summary>SQL that is being written, with its values in the order of their question marks.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<SqlValue> _values = [];

    /// <summary>The SQL.</summary>
    public string Text => _text.ToString();

    /// <summary>The values.</summary>
    public ReadOnlySpan<SqlValue> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    /// <summary>Appends SQL; each question mark in it takes the next of the values.</summary>
    public SqlText Add(string sql, params ReadOnlySpan<SqlValue> values)
    {
        _text.Append(sql);
        _values.AddRange(values);
        return this;
    }

    /// <summary>Appends conditions with a word between them, in brackets; never true when there is none.</summary>
    public SqlText AddAll<T>(IEnumerable<T> parts, string between, Action<T> add) =>
        Add("(").AddAllOf(parts, between, add, "FALSE").Add(")");

    /// <summary>Appends parts with a word between them; the other text when there is none.</summary>
    public SqlText AddAllOf<T>(IEnumerable<T> parts, string between, Action<T> add, string none = "")
    {
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
                Add(between);
            add(part);
            isFirst = false;
        }
        return isFirst ? Add(none) : this;
    }
}
