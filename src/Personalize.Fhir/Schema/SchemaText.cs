namespace Personalize.Fhir.Schema;

/// <summary>Reads the lines that <see cref="SchemaCompiler"/> writes.</summary>
internal sealed class SchemaText
{
    private readonly List<string[]> _types = [];
    private readonly Dictionary<string, List<SchemaLine>> _elements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FhirType> _made = new(StringComparer.Ordinal);

    public SchemaText(string text)
    {
        var open = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var fields = line.Split('\t');
            if (fields[0] == "*")
                open = fields[1];
            else if (fields[0].Contains('.', StringComparison.Ordinal))
                Owned(fields[0][..fields[0].LastIndexOf('.')]).Add(SchemaLine.Read(fields, open));
            else
                _types.Add(fields);
        }
    }

    /// <summary>The names of all properties that JSON may hold.</summary>
    public IEnumerable<string> JsonNames() =>
        _elements.Values.SelectMany(e => e).SelectMany(PropertyNames).Append("resourceType").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public IEnumerable<FhirType> Types(FhirSchema schema)
    {
        foreach (var fields in _types)
            Make(fields[0], schema);
        foreach (var line in _elements.Values.SelectMany(e => e).Where(l => _elements.ContainsKey(l.Path)))
            _made[line.Path] = New(line.Path, FhirTypeKind.Backbone, _made[line.Types[0].Name], false, [], schema);
        return _made.Values;
    }

    private static IEnumerable<string> PropertyNames(SchemaLine line)
    {
        var last = line.Path[(line.Path.LastIndexOf('.') + 1)..];
        return last.EndsWith("[x]", StringComparison.Ordinal) ? line.Types.Select(t => JsonProperty.NameOf(last[..^3], true, t.Name)) : [last];
    }

    private FhirType Make(string name, FhirSchema schema)
    {
        if (_made.TryGetValue(name, out var made))
            return made;
        var fields = _types.Single(t => t[0] == name);
        var words = fields[1].Split(' ');
        var isAbstract = words[0] == "abstract";
        var (kind, ancestor) = (words[isAbstract ? 1 : 0], words.ElementAtOrDefault(isAbstract ? 2 : 1));
        return _made[name] = New(
            name, Enum.Parse<FhirTypeKind>(kind, ignoreCase: true), ancestor is null ? null : Make(ancestor, schema), isAbstract, SchemaLine.ReadConstraints(fields.AsSpan(2)), schema);
    }

    private FhirType New(string name, FhirTypeKind kind, FhirType? ancestor, bool isAbstract, IReadOnlyList<ConstraintDef> constraints, FhirSchema schema) =>
        new(name, kind, ancestor, isAbstract, constraints, () => [.. _elements.GetValueOrDefault(name, []).Select(l => new ElementDef(l, schema))]);

    private List<SchemaLine> Owned(string path) => _elements.TryGetValue(path, out var list) ? list : _elements[path] = [];
}
