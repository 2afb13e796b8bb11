using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Search;
using Ours = Personalize.Fhir.Elements.Resource;

namespace Personalize.Benchmarks;

/// <summary>The expressions of all search parameters on resources that are read already.</summary>
internal static class SearchBenchmarks
{
    // The SDK takes its time: every so manieth resource is enough to compare.
    private const int Every = 20;
    private static readonly FhirPathContext _context = new(DateTimeOffset.UnixEpoch);

    /// <summary>Beside the FHIRPath of the Firely SDK, with expressions compiled beforehand in all lanes.</summary>
    public static void AgainstSdk(byte[][] resources, int rounds, Report report)
    {
        var some = resources.Where((_, at) => at % Every == 0).ToArray();
        var ours = some.Select(json => Ours.Parse(json).Value).ToArray();
        var theirs = some.Select(json => FhirJsonDeserializer.RECOVERABLE.DeserializeResource(System.Text.Encoding.UTF8.GetString(json)).ToPocoNode(ModelInfo.ModelInspector)).ToArray();
        ElementNavFhirExtensions.PrepareFhirSymbolTableFunctions();
        var compiler = new FhirPathCompiler();
        var entries = new IndexEntries();
        var context = new FhirEvaluationContext { ElementResolver = Stub };
        var (mine, yours) = (Expressions(e => FhirPathExpression.Parse(e).Value), Expressions(e => compiler.Compile(e)));
        report.Table($"The expressions of all search parameters beside the FHIRPath of Hl7.Fhir.R4 ({some.Length} resources)", "resource", Runner.Run(some.Length, rounds,
            new("Hl7.Fhir.R4, FHIRPath", () => theirs.Zip(ours).Sum(pair => yours[pair.Second.Type].Sum(e => (long)e(pair.First, context).Count()))),
            new("FHIRPath", () => ours.Sum(r => mine[r.Type].Sum(e => (long)e.Evaluate(PathValues.Of(r.Root), _context).Value.Items.Count))),
            new("one walk for all, values taken", () => ours.Sum(r => Walk(entries, r)))));
    }

    private static long Walk(IndexEntries entries, Ours resource)
    {
        entries.Fill(resource, SearchCatalog.R4);
        return entries.Count;
    }

    // What a reference points to, as far as expressions ask: something of that type.
    private static PocoNode? Stub(string reference) =>
        Personalize.Fhir.Elements.References.TypeOf(reference) is { } name && ModelInfo.GetTypeForFhirType(name) is { } type ? ((Base)Activator.CreateInstance(type)!).ToPocoNode(ModelInfo.ModelInspector) : null;

    private static Dictionary<string, T[]> Expressions<T>(Func<string, T> compile)
    {
        var compiled = SearchCatalog.R4.All.Select(p => p.Expression).Distinct().ToDictionary(e => e, compile);
        return Fhir.Schema.FhirSchema.R4.ResourceTypes.ToDictionary(type => type, type => SearchCatalog.R4.For(type)
            .Where(p => p.Type is not (SearchParameterType.Composite or SearchParameterType.Special)).Select(p => compiled[p.Expression]).ToArray());
    }
}
