using System.Globalization;

namespace Personalize.Fhir.Schema;

/// <summary>A type that an element may have, with the resource types that a reference of it may point to.</summary>
internal sealed record SchemaTypeName(string Name, IReadOnlyList<string> Targets);

/// <summary>One line of <c>r4.schema</c> that describes an element.</summary>
internal sealed record SchemaLine(
    string Path, int Min, int Max, IReadOnlyList<SchemaTypeName> Types, string Flags, string? BindingStrength, string? ValueSet, IReadOnlyList<ConstraintDef> Constraints)
{
    public static SchemaLine Read(string[] fields, string open)
    {
        var range = fields[1].Split("..");
        var binding = Field(fields, 4).Split(' ');
        return new(
            fields[0],
            int.Parse(range[0], CultureInfo.InvariantCulture),
            range[1] == "*" ? int.MaxValue : int.Parse(range[1], CultureInfo.InvariantCulture),
            [.. ReadTypes(fields[2] == "*" ? open : fields[2])],
            Field(fields, 3),
            binding.Length == 2 ? binding[0] : null,
            binding.Length == 2 ? binding[1] : null,
            ReadConstraints(fields.AsSpan(Math.Min(5, fields.Length))));
    }

    public static IReadOnlyList<ConstraintDef> ReadConstraints(ReadOnlySpan<string> fields)
    {
        var constraints = new ConstraintDef[fields.Length];
        for (var at = 0; at < fields.Length; at++)
        {
            var colon = fields[at].IndexOf(": ", StringComparison.Ordinal);
            constraints[at] = new(fields[at][1..colon], fields[at][0] == '!' ? "error" : "warning", fields[at][(colon + 2)..]);
        }
        return constraints;
    }

    private static IEnumerable<SchemaTypeName> ReadTypes(string types)
    {
        foreach (var type in types.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = type.IndexOf('(', StringComparison.Ordinal);
            yield return bracket < 0 ? new(type, []) : new(type[..bracket], type[(bracket + 1)..^1].Split(','));
        }
    }

    private static string Field(string[] fields, int at) => fields.Length > at ? fields[at] : "-";
}
