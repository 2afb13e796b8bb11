using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Terminology;

/// <summary>Lists the codes of value sets, or says why it cannot.</summary>
internal sealed class Expander(ValueSets sets, string? language)
{
    // Each set is listed once; one that is being listed draws on itself.
    private readonly Dictionary<string, Outcome<List<ExpandedCode>>> _done = new(StringComparer.Ordinal);

    /// <summary>Every code once, in the order of the definition.</summary>
    public Outcome<List<ExpandedCode>> Codes(string valueSet)
    {
        if (_done.TryGetValue(valueSet, out var done))
            return done;
        _done[valueSet] = Unsupported("The value set draws on itself.");
        return _done[valueSet] = List(valueSet);
    }

    private Outcome<List<ExpandedCode>> List(string valueSet)
    {
        if (sets.Parts(valueSet) is not { } parts)
            return new Failure.Missing("The value set, or one that it draws on, is not known here.");
        var codes = new List<ExpandedCode>();
        foreach (var part in parts.Where(part => !part.IsExclude))
            if (Part(part).TryGet(out var more, out var failure))
                codes.AddRange(more);
            else
                return failure;
        return Without(codes.DistinctBy(code => (code.System, code.Code)).ToList(), parts.Where(part => part.IsExclude).ToList());
    }

    private static Failure.Unprocessable Unsupported(string text) => new([Issue.Error("not-supported", text)]);

    private Outcome<List<ExpandedCode>> Part(ValueSetPart part)
    {
        var (first, others) = part.Codes.Count == 0 && part.System is null ? (Codes(part.Sets.Count == 0 ? "" : part.Sets[0]), part.Sets.Skip(1)) : (Own(part), part.Sets);
        foreach (var set in others)
            first = first.Then(codes => Within(codes, set));
        return first;
    }

    private Outcome<List<ExpandedCode>> Within(List<ExpandedCode> codes, string set) =>
        Codes(set).Select(other => other.Select(code => (code.System, code.Code)).ToHashSet()).Select(other => codes.FindAll(code => other.Contains((code.System, code.Code))));

    private Outcome<List<ExpandedCode>> Own(ValueSetPart part)
    {
        if (part.Codes.Count > 0)
            return part.Listed.Select(listed => Shown(part, listed.Code, listed.Wording)).ToList();
        if (sets.System(part) is not { IsComplete: true } system)
            return Unsupported("The value set draws on a code system whose codes are not all known here.");
        var codes = new List<ExpandedCode>();
        foreach (var code in system.Codes)
            switch (Holds(part, system, code))
            {
                case null:
                    return Unsupported("The value set has a filter that rests on properties which are not known here.");
                case true:
                    codes.Add(Shown(part, code, null));
                    break;
            }
        return codes;
    }

    /// <summary>The code as the set or else its system calls it; a language that was asked for comes before that order.</summary>
    private ExpandedCode Shown(ValueSetPart part, string code, Wording? own)
    {
        var system = sets.System(part);
        var general = system?.Wording(code);
        var spoken = language is null ? null : own?.In(language) ?? general?.In(language);
        return new(part.System, code, spoken ?? own?.Display ?? general?.Display) { IsInactive = system?.IsInactive(code) == true, IsInLanguage = spoken is not null };
    }

    private static bool? Holds(ValueSetPart part, CodeSystem system, string code)
    {
        var answers = part.Filters.Select(filter => filter.Holds(system, code)).ToList();
        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    }

    private Outcome<List<ExpandedCode>> Without(List<ExpandedCode> codes, List<ValueSetPart> excludes)
    {
        foreach (var part in excludes)
        {
            var left = new List<ExpandedCode>();
            foreach (var code in codes)
                switch (sets.Matches(part, code.System, code.Code))
                {
                    case null:
                        return Unsupported("The value set leaves out codes by a rule that is not known here.");
                    case false:
                        left.Add(code);
                        break;
                }
            codes = left;
        }
        return codes;
    }
}
