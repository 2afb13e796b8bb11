using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

/// <summary>The official FHIRPath tests for R4, and the list of those that are accepted as failing.</summary>
public sealed class The_official_FHIRPath_tests
{
    private static readonly FhirPathContext Context = new(new DateTimeOffset(2026, 6, 15, 10, 30, 0, TimeSpan.FromHours(2)));

    [Fact]
    public void Pass_but_for_those_that_the_list_accepts()
    {
        var folder = Corpora.Folder("fhirpath");
        using var tests = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tests.json")));
        var failed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var test in tests.RootElement.EnumerateArray())
        {
            if (Fault(test, folder) is { } fault)
                failed[test.GetProperty("id").GetString()!] = fault;
        }
        var accepted = Accepted();
        var unexpected = failed.Where(f => !accepted.Contains(f.Key)).Select(f => $"{f.Key}: {f.Value}");
        Assert.True(!unexpected.Any(), "These fail and are not accepted:\n" + string.Join('\n', unexpected));
        var passing = accepted.Where(id => !failed.ContainsKey(id));
        Assert.True(!passing.Any(), "These pass now; take them off the list:\n" + string.Join('\n', passing));
    }

    private static HashSet<string> Accepted() =>
        [.. File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "FhirPathAccepted.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|')[0].Trim())];

    private static string? Fault(JsonElement test, string folder)
    {
        var focus = Focus(test, folder);
        var isInvalid = test.TryGetProperty("invalid", out var invalid);
        // What means nothing is found out before anything runs, with or without the word strict.
        var isStrict = test.TryGetProperty("mode", out _) || (isInvalid && invalid.GetString() == "semantic");
        var result = Parsed(test, focus, isStrict).Then(e => e.Evaluate(focus, Context));
        if (isInvalid)
            return InvalidFault(invalid.GetString()!, result);
        if (Parsed(test, focus, true).Failure is { } refusal)
            return $"refused in strict mode: {refusal.Issues[0].Text}";
        if (result.Failure is { } failure)
            return failure.Issues[0].Text;
        var expected = test.GetProperty("outputs").EnumerateArray().Select(Expected).ToList();
        var found = test.TryGetProperty("predicate", out var predicate) && predicate.GetBoolean()
            ? [$"boolean:{(result.Value.AsBoolean() ?? result.Value.Items.Count > 0 ? "true" : "false")}"]
            : result.Value.Items.Select(Found).ToList();
        if (test.TryGetProperty("ordered", out var ordered) && !ordered.GetBoolean())
        {
            expected.Sort(StringComparer.Ordinal);
            found.Sort(StringComparer.Ordinal);
        }
        return expected.Count == found.Count && expected.Zip(found).All(p => Fits(p.First, p.Second)) ? null : $"expected [{string.Join("; ", expected)}], found [{string.Join("; ", found)}]";
    }

    private static Outcome<FhirPathExpression> Parsed(JsonElement test, PathValues focus, bool isStrict)
    {
        var text = test.GetProperty("expression").GetString()!;
        return isStrict && focus.Items.Count > 0 ? FhirPathExpression.ParseFor(text, focus.Items[0].Element!.Value.Type) : FhirPathExpression.Parse(text);
    }

    // What is found out earlier than the test asks for is found out as well.
    private static string? InvalidFault(string asked, Outcome<PathValues> result) => result.Failure switch
    {
        null => $"no error but {Shown(result.Value)}",
        Failure.FhirPath failure when failure.Fault <= Enum.Parse<ExpressionFault>(asked, ignoreCase: true) => null,
        Failure.FhirPath failure => $"a failure of {failure.Fault} where it is to be {asked}",
        var other => other.GetType().Name,
    };

    private static PathValues Focus(JsonElement test, string folder)
    {
        if (!test.TryGetProperty("inputjson", out var input))
            return PathValues.Empty;
        var bytes = File.ReadAllBytes(Path.Combine(folder, "input-json", input.GetString()!));
        return PathValues.Of(Resource.Parse(bytes).Value.Root);
    }

    private static string Expected(JsonElement output)
    {
        var type = output.GetProperty("type").GetString();
        var value = output.GetProperty("value").GetString()!;
        return $"{type}:{value.TrimStart('@')}";
    }

    private static string Found(PathValue value) => $"{value.TypeName}:{(value.Value is Fhir.Primitives.FhirTime time ? "T" + time : value.ToString())}";

    // Some expectations give no type.
    private static bool Fits(string expected, string found) => expected.StartsWith(':') ? found.EndsWith(expected, StringComparison.Ordinal) : expected == found;

    private static string Shown(PathValues values) => string.Join("; ", values.Items.Select(Found));
}
