using System.Security.Cryptography;
using System.Text;

namespace Personalize.Store.Postgres;

/// <summary>Texts as PostgreSQL takes them.</summary>
internal static class PostgresText
{
    private const int LongestKey = 400;
    private const int Head = 200;

    /// <summary>The SQL with numbered places in place of question marks.</summary>
    public static string Numbered(string sql)
    {
        var numbered = new StringBuilder(sql.Length + 32);
        var (from, count) = (0, 0);
        for (var at = sql.IndexOf('?', StringComparison.Ordinal); at >= 0; at = sql.IndexOf('?', from))
        {
            numbered.Append(sql, from, at - from).Append('$').Append(++count);
            from = at + 1;
        }
        return count == 0 ? sql : numbered.Append(sql, from, sql.Length - from).ToString();
    }

    /// <summary>What no text of PostgreSQL can hold (the character 0, halves of pairs) becomes the replacement character.</summary>
    public static string Storable(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (text[at] == '\0' || char.IsSurrogate(text[at]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
        return text;
    }

    /// <summary>A text that an index holds whole; of a long one the beginning and a digest.</summary>
    public static string Key(string text) => text.Length <= LongestKey ? Storable(text)
        : Storable(text[..Head]) + '\u0001' + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
