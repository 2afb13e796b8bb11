using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Fhir.Tests;

/// <summary>All search expressions, all constraints and common expressions, evaluated here and by the Firely SDK on the official examples and synthetic records.
/// Where they differ for a reason, the expression stands in FhirPathDifferences.txt with who is right by the specification.</summary>
/// <remarks>All resources, also the greatest: <c>PERSONALIZE_DIFFERENCES=all dotnet test -c Release tests/Personalize.Fhir.Tests --filter FullyQualifiedName~The_SDK_and_this_library</c>; PERSONALIZE_DIFFERENCES_BYTES takes only smaller ones than that.</remarks>
public sealed partial class The_SDK_and_this_library(ITestOutputHelper output)
{
    private const int ShownDifferences = 60;
    private const int Greatest = 16_000;
    private const int OfEachKind = 2;
    private static readonly FhirPathContext _context = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly ConcurrentDictionary<string, FhirPathExpression?> _ours = new();
    private static readonly ConcurrentDictionary<string, CompiledExpression?> _theirs = new();
    private static readonly Lock _compiling = new();

    static The_SDK_and_this_library() => Hl7.Fhir.FhirPath.ElementNavFhirExtensions.PrepareFhirSymbolTableFunctions();

    [Fact]
    [Trait("Category", "Slow")]
    public void Give_the_same_results_but_for_listed_differences()
    {
        var differences = new ConcurrentDictionary<string, string>();
        var (compared, resources) = (0, 0);
        Parallel.ForEach(Partitioner.Create(Resources(), EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, file =>
        {
            Interlocked.Increment(ref resources);
            Interlocked.Add(ref compared, Compare(file.Name, file.Json, differences));
        });
        output.WriteLine($"{compared} evaluations on {resources} resources compared; {differences.Count} expressions differ");
        Assert.True(compared > 20_000, $"{compared} compared");
        var listed = File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "FhirPathDifferences.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf('|')].Trim()).ToHashSet();
        var unexpected = differences.Where(d => !listed.Contains(d.Key)).Select(d => $"{d.Key} | {d.Value}").Order(StringComparer.Ordinal).ToList();
        Assert.True(unexpected.Count == 0, $"{compared} compared; these differ and are not listed ({unexpected.Count}):\n" + string.Join('\n', unexpected.Take(ShownDifferences)));
        var settled = listed.Where(l => !differences.ContainsKey(l)).ToList();
        Assert.True(settled.Count == 0, "These differ no more; take them off the list:\n" + string.Join('\n', settled));
    }

    private static bool IsAll => Environment.GetEnvironmentVariable("PERSONALIZE_DIFFERENCES") == "all";

    private static int GreatestTaken => Environment.GetEnvironmentVariable("PERSONALIZE_DIFFERENCES_BYTES") is { Length: > 0 } bytes ? int.Parse(bytes, CultureInfo.InvariantCulture) : IsAll ? int.MaxValue : Greatest;

    // Small ones first. The SDK takes minutes for the greatest ones, and synthetic ones are much alike: without being asked for all, the small ones, and of each synthetic file a few of each type.
    private static IEnumerable<(string Name, byte[] Json)> Resources()
    {
        var all = Examples.Read().SelectMany(e => Inside(e.File, e.Json)).Where(r => r.Json.Length < GreatestTaken);
        var taken = IsAll ? all : all.GroupBy(r => r.Kind).SelectMany(g => g.Take(OfEachKind));
        return taken.OrderBy(r => r.Json.Length).Select(r => (r.Name, r.Json));
    }

    // An example is of a kind of its own.
    private static IEnumerable<(string Kind, string Name, byte[] Json)> Inside(string file, byte[] json)
    {
        var (resource, name) = (Stored.Parse(json).Value, Path.GetFileName(file));
        if (!file.Contains("synthea", StringComparison.Ordinal))
            return [(name, name, json)];
        var entries = resource.Type == "Bundle" ? resource.Root.Children("entry").Select(e => Stored.Of(e.Child("resource")!.Value).Value) : [resource];
        return entries.Select(r => ($"{name} {r.Type}", $"{r.Type}/{r.Id}", r.Bytes.ToArray()));
    }

    private static int Compare(string name, byte[] json, ConcurrentDictionary<string, string> differences)
    {
        var ours = Stored.Parse(json).Value;
        PocoNode theirs;
        try
        {
            theirs = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable)).DeserializeResource(Encoding.UTF8.GetString(json)).ToPocoNode();
        }
        catch (DeserializationFailedException)
        {
            // What the SDK cannot read at all has nothing to be compared with.
            return 0;
        }
        var compared = 0;
        foreach (var expression in Expressions(ours.Root.Type).Concat(OfDataTypes(ours)))
        {
            compared++;
            var (here, there) = (Ordered(expression, Here(expression, ours)), Ordered(expression, There(expression, theirs)));
            if (here != there)
                differences.TryAdd(expression, $"{name}: here {Cut(here)}, there {Cut(there)}");
        }
        return compared;
    }

    private static readonly ConcurrentDictionary<FhirType, IReadOnlyList<string>> _expressions = new();

    private static IReadOnlyList<string> Expressions(FhirType type) => _expressions.GetOrAdd(type, t =>
        [.. SearchCatalog.R4.For(t.Name).Select(p => p.Expression).Concat(Constraints(t)).Concat(Common(t)).Distinct(StringComparer.Ordinal)]);

    // A constraint of an element is asked of all its occurrences; one of a data type wherever it occurs.
    private static IEnumerable<string> Constraints(FhirType type)
    {
        for (var t = type; t is not null; t = t.Base)
        {
            foreach (var constraint in t.Constraints)
                yield return constraint.Expression;
        }
        foreach (var element in type.Elements.Concat(type.Elements.SelectMany(e => e.Types).Where(t => t.Kind == FhirTypeKind.Backbone).SelectMany(t => t.Elements)).Distinct())
        {
            foreach (var constraint in element.Constraints.Where(c => c.Key is not ("ele-1" or "ext-1")))
                yield return $"{element.Path.Replace("[x]", "", StringComparison.Ordinal)}.all({constraint.Expression})";
        }
    }

    private static IEnumerable<string> OfDataTypes(Stored resource)
    {
        var types = FhirPathExpression.Parse("descendants()").Value.Evaluate(resource.Root, _context).Value.Items.Select(i => i.Element!.Value.Type).Distinct();
        return types.Where(t => t is { Kind: FhirTypeKind.Complex, IsAbstract: false })
            .SelectMany(t => t.Constraints.Where(c => c.Key != "ele-1").Select(c => $"descendants().ofType({t.Name}).all({c.Expression})"));
    }

    private static IEnumerable<string> Common(FhirType type) => File.ReadLines(Repository.At("tests", "Personalize.Fhir.Tests", "FhirPathCommon.txt")).Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => l.Split('|', 2, StringSplitOptions.TrimEntries)).Where(p => p[0] == "Resource" || p[0] == type.Name).Select(p => p[1]);

    // children() and descendants() have no order (FHIRPath 2.0, Tree navigation).
    private static string Ordered(string expression, string values) => expression.Contains("descendants()", StringComparison.Ordinal) || expression.Contains("children()", StringComparison.Ordinal)
        ? string.Join("; ", values.Split("; ").Order(StringComparer.Ordinal))
        : values;

    // A reference that says its type is enough for `resolve() is Patient` here; the SDK asks for the target, so it gets an empty one.
    private static PocoNode? Target(string reference)
    {
        var parts = reference.Split('/');
        return parts.Length >= 2 && ModelInfo.GetTypeForFhirType(parts[^2]) is { } type && Activator.CreateInstance(type) is Resource resource ? resource.ToPocoNode() : null;
    }

    private static string Here(string text, Stored resource) => _ours.GetOrAdd(text, t => FhirPathExpression.Parse(t) is { Failure: null } good ? good.Value : null) is not { } expression
        ? "fails"
        : expression.Evaluate(resource.Root, _context) is { Failure: null } good
            ? string.Join("; ", good.Value.Items.Select(v => v.Element is { } element ? Plain(element.Location()) : Text(v.Value!)))
            : "fails";

    private static string There(string text, PocoNode resource)
    {
        try
        {
            return Compiled(text) is { } compiled ? string.Join("; ", compiled(resource, new Hl7.Fhir.FhirPath.FhirEvaluationContext { Resource = resource, RootResource = resource, ElementResolver = Target }).Select(Shown)) : "fails";
        }
        catch (Exception)
        {
            // Whatever it throws: it has no answer.
            return "fails";
        }
    }

    private static CompiledExpression? Compiled(string text) => _theirs.GetOrAdd(text, t =>
    {
        lock (_compiling)
        {
            try
            {
                return new FhirPathCompiler().Compile(t);
            }
            catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }
    });

    // What was computed has no parent; what lies in the resource is compared by its place.
    private static string Shown(PocoNode node) => node.Parent is null && node.Poco is not Resource ? Text(((Hl7.Fhir.ElementModel.ITypedElement)node).Value) : Plain(node.GetLocation());

    private static string Text(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        decimal number => (number / 1.000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "?",
    };

    private static string Plain(string location) => Index().Replace(location, "");

    [GeneratedRegex(@"\[0\]")]
    private static partial Regex Index();

    private static string Cut(string text) => text.Length > 120 ? text[..120] + "..." : text;
}
