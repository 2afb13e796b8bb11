using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>Makes the tree of rules from the lines that <see cref="ProfileCompiler"/> writes.</summary>
internal sealed class ProfileReader
{
    private readonly Dictionary<string, ElementRules> _byId = new(StringComparer.Ordinal);

    /// <summary>The head line and the lines under it.</summary>
    public static Profile Read(string head, IReadOnlyList<string> lines, string? missingBase)
    {
        var fields = head.Split('\t');
        var reader = new ProfileReader();
        var root = reader.At(fields[2]);
        foreach (var line in lines)
            reader.Add(line.TrimStart(' ').Split('\t'));
        var recurs = reader.Recur(fields[2]);
        foreach (var sliced in reader._byId.Values.Where(r => r.Slices.Count > 0 && r.Slicing is null))
            sliced.Slicing = new("open", false, [sliced.Name is "extension" or "modifierExtension" ? new("value", "url") : new("type", "$this")]);
        return new(fields, root, reader._byId, recurs) { MissingBase = missingBase };
    }

    /// <summary>Where R4 puts the content of one element into another (the items of items), the rules of the one are looked for from the other. True when there is such a place.</summary>
    private bool Recur(string type)
    {
        var recurs = false;
        foreach (var backbone in FhirSchema.R4.Types.Where(t => t.Name == type || t.Name.StartsWith(type + ".", StringComparison.Ordinal)))
            foreach (var element in backbone.Elements)
                if (Profile.ContentOf(element) is { } other && _byId.ContainsKey(other))
                    recurs |= At(element.Path) is not null;
        return recurs;
    }

    private void Add(string[] fields)
    {
        var rules = At(fields[0]);
        foreach (var field in fields.Skip(1))
            Field(rules, field);
    }

    private static void Field(ElementRules rules, string field)
    {
        if (char.IsAsciiDigit(field[0]) || field.StartsWith("..", StringComparison.Ordinal))
            (rules.Min, rules.Max) = Range(field, rules);
        else if (field[0] == '/')
            rules.Slicing = ReadSlicing(field[1..].Split(' '));
        else
            Put(rules.Rules, ReadRule(field));
    }

    /// <summary>What a profile says anew takes the place of what its base said; constraints gather.</summary>
    private static void Put(List<Rule> rules, Rule rule)
    {
        rules.RemoveAll(r => r.GetType() == rule.GetType() && (r, rule) switch
        {
            (ConstraintRule old, ConstraintRule now) => old.Key == now.Key,
            (LimitRule old, LimitRule now) => old.IsLeast == now.IsLeast,
            _ => true,
        });
        rules.Add(rule);
    }

    private static Rule ReadRule(string field) => field[0] switch
    {
        ':' => new TypeRule([.. field[1..].Split(' ').Select(ReadType)]),
        '=' => new FixedRule(Json(field)),
        '~' => new PatternRule(Json(field)),
        '[' => new LimitRule(Json(field), true),
        ']' => new LimitRule(Json(field), false),
        '|' => new LengthRule(int.Parse(field.AsSpan(1), CultureInfo.InvariantCulture)),
        '@' => field[1..].Split(' ') is var binding ? new BindingRule(binding[0], string.Intern(binding[1])) : null!,
        _ => ReadConstraint(field),
    };

    /// <summary>The rules of that id; made with all that it hangs on when they are not there yet.</summary>
    private ElementRules At(string id)
    {
        if (_byId.TryGetValue(id, out var rules))
            return rules;
        var dot = id.LastIndexOf('.');
        var segment = id[(dot + 1)..];
        var colon = segment.IndexOf(':', StringComparison.Ordinal);
        var name = ElementIds.ShortName(segment);
        if (colon >= 0)
        {
            _byId[id] = rules = new(id, name) { Slice = segment[(colon + 1)..] };
            Sliced(id, rules.Slice).Slices.Add(rules);
            return rules;
        }
        _byId[id] = rules = new(id, name);
        if (dot >= 0)
            At(id[..dot]).Children.Add(rules);
        return rules;
    }

    /// <summary>What a slice is a slice of: the element, or for <c>a/b</c> the slice <c>a</c>.</summary>
    private ElementRules Sliced(string id, string slice)
    {
        var slash = slice.LastIndexOf('/');
        return At(slash < 0 ? id[..^(slice.Length + 1)] : id[..^(slice.Length - slash)]);
    }


    /// <summary>A side that is left open stays as it was.</summary>
    private static (int Min, int Max) Range(string field, ElementRules was)
    {
        var at = field.IndexOf("..", StringComparison.Ordinal);
        var max = field[(at + 2)..];
        return (at == 0 ? was.Min : int.Parse(field.AsSpan(0, at), CultureInfo.InvariantCulture),
            max == "" ? was.Max : max == "*" ? int.MaxValue : int.Parse(max, CultureInfo.InvariantCulture));
    }

    private static Slicing ReadSlicing(string[] words)
    {
        var ordered = words.Length > 1 && words[1] == "ordered";
        return new(words[0], ordered, [.. words.Skip(ordered ? 2 : 1).Select(w => w.Split(':', 2)).Select(w => new Discriminator(w[0], w[1]))]);
    }

    private static AllowedType ReadType(string word)
    {
        var end = word.AsSpan().IndexOfAny('<', '(');
        return new(end < 0 ? word : word[..end], Listed(word, '<', '>'), Listed(word, '(', ')'));
    }

    private static ImmutableArray<string> Listed(string word, char open, char close)
    {
        var start = word.IndexOf(open, StringComparison.Ordinal);
        return start < 0 ? [] : [.. word[(start + 1)..word.IndexOf(close, StringComparison.Ordinal)].Split(',').Select(Whole)];
    }

    /// <summary>R4's own types stand under their short name.</summary>
    private static string Whole(string name) => name.Contains(':', StringComparison.Ordinal) ? name : ProfileCompiler.Definitions + name;

    private static ConstraintRule ReadConstraint(string field)
    {
        var colon = field.IndexOf(": ", StringComparison.Ordinal);
        var text = field[(colon + 2)..];
        return new(field[1..colon], field[0] == '!', text, FhirPathExpression.Parse(text));
    }

    private static JsonTree Json(string field) => JsonTree.Parse(Encoding.UTF8.GetBytes(field[1..]), FhirSchema.R4.Names).Value;
}
