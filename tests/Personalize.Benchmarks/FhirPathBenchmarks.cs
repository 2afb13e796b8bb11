using System.Diagnostics;
using System.Globalization;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;
using Personalize.Fhir.FhirPath;
using Element = Personalize.Fhir.Elements.Element;
using Stored = Personalize.Fhir.Elements.Resource;

namespace Personalize.Benchmarks;

/// <summary>The commonest constraint and search expressions on the Patient of the official FHIRPath tests, beside the Firely SDK's FHIRPath in the same run.
/// Goal: under 300 ns each, no allocation. The raw baseline is a walk over all children of the Patient.</summary>
internal static class FhirPathBenchmarks
{
    private const int Rounds = 120;
    private const int WarmUps = 6;
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(0.5);
    private static readonly FhirPathContext _context = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    // (focus inside the Patient, expression): what R4 asks of a Patient, its extensions, periods, contact points and references, and its search parameters.
    private static readonly (string Focus, string Expression)[] _expressions =
    [
        ("", "hasValue() or (children().count() > id.count())"),
        ("birthDate.extension[0]", "extension.exists() != value.exists()"),
        ("", "contained.contained.empty()"),
        ("", "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()"),
        ("", "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()"),
        ("", "contained.meta.security.empty()"),
        ("", "text.`div`.exists()"),
        ("", "contact.all(name.exists() or telecom.exists() or address.exists() or organization.exists())"),
        ("managingOrganization", "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))"),
        ("address[0].period", "start.hasValue().not() or end.hasValue().not() or (start <= end)"),
        ("telecom[0]", "value.empty() or system.exists()"),
        ("", "Resource.id"),
        ("", "Resource.meta.lastUpdated"),
        ("", "Resource.meta.profile"),
        ("", "Resource.meta.tag"),
        ("", "Patient.active"),
        ("", "Patient.address"),
        ("", "Patient.address.city"),
        ("", "Patient.address.postalCode"),
        ("", "Patient.address.state"),
        ("", "Patient.birthDate"),
        ("", "(Patient.deceased as dateTime)"),
        ("", "Patient.deceased.exists() and Patient.deceased != false"),
        ("", "Patient.telecom.where(system='email')"),
        ("", "Patient.telecom.where(system='phone')"),
        ("", "Patient.name.family"),
        ("", "Patient.name.given"),
        ("", "Patient.gender"),
        ("", "Patient.identifier"),
        ("", "Patient.generalPractitioner"),
        ("", "Patient.communication.language"),
        ("", "Patient.link.other"),
    ];

    static FhirPathBenchmarks() => Hl7.Fhir.FhirPath.ElementNavFhirExtensions.PrepareFhirSymbolTableFunctions();

    /// <summary>Measures and writes a table in Markdown.</summary>
    public static void AgainstSdk(string corpora, Report report)
    {
        // The first pass is for the just-in-time compiler alone.
        Measure(corpora, TextWriter.Null);
        using var output = new StringWriter { NewLine = "\n" };
        Measure(corpora, output);
        report.Say(output.ToString().TrimEnd());
    }

    private static void Measure(string corpora, TextWriter output)
    {
        ReadOnlyMemory<byte> json = File.ReadAllBytes(Path.Combine(corpora, "fhirpath", "input-json", "patient-example.json"));
        var patient = Stored.Parse(json).Value.Root;
        var peer = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable)).DeserializeResource(System.Text.Encoding.UTF8.GetString(json.Span));
        var walk = Time(() => Walk(patient));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Raw baseline, a walk over the Patient's own children: {walk.Nanoseconds:0} ns.\n"));
        output.WriteLine("| focus | expression | ns | B | x baseline | SDK ns | SDK B | times as fast |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        var figures = _expressions.Select(e => Row(e.Focus, e.Expression, patient, peer, walk.Nanoseconds, output)).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nUnder 300 ns: {figures.Count(f => f.Ours < 300)} of {figures.Count}; without allocation: {figures.Count(f => f.Bytes == 0)}; sum {figures.Sum(f => f.Ours):0} ns, SDK {figures.Sum(f => f.Theirs):0} ns, ratio {figures.Sum(f => f.Theirs) / figures.Sum(f => f.Ours):0}."));
    }

    private static (double Ours, double Theirs, long Bytes) Row(string path, string text, Element patient, Resource peer, double walk, TextWriter output)
    {
        var focus = path.Length == 0 ? patient : FhirPathExpression.Parse(path).Value.Evaluate(patient, _context).Value.Items.Select(i => i.Element!.Value).FirstOrDefault(patient);
        var expression = FhirPathExpression.Parse(text).Value;
        var compiled = new FhirPathCompiler().Compile(text);
        var ours = Time(() =>
        {
            using var answer = expression.Open(focus, _context);
            return answer.Values.Length;
        });
        var root = peer.ToPocoNode();
        var node = path.Length == 0 ? root : new FhirPathCompiler().Compile(path)(root, new EvaluationContext()).FirstOrDefault(root);
        var theirContext = new Hl7.Fhir.FhirPath.FhirEvaluationContext { Resource = root, RootResource = root };
        var theirs = Time(() => compiled(node, theirContext).Count());
        var shown = text.Length > 60 ? text[..57] + "..." : text;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {path} | `{shown.Replace("|", "\\|", StringComparison.Ordinal)}` | {ours.Nanoseconds:0} | {ours.Bytes} | {ours.Nanoseconds / walk:0.0} | {theirs.Nanoseconds:0} | {theirs.Bytes} | {theirs.Nanoseconds / ours.Nanoseconds:0} |"));
        return (ours.Nanoseconds, theirs.Nanoseconds, ours.Bytes);
    }

    private static int Walk(Element element)
    {
        var count = 0;
        foreach (var child in element.Children())
            count += child.Node >= 0 ? 1 : 0;
        return count;
    }

    /// <summary>The lowest decile of many short rounds, each shorter than a slice of the machine's time, so that other work on it is seen as little as possible; after the just-in-time compiler has had its time.</summary>
    private static (double Nanoseconds, long Bytes) Time(Func<int> work)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            Round(work, 400);
            Thread.Sleep(40);
        }
        var times = Math.Max(4, (int)(_round.TotalNanoseconds / Math.Max(1, Round(work, 200))));
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(work, times)).Order().ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            work();
        return (rounds[Rounds / 10], (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000);
    }

    private static double Round(Func<int> work, int times)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
            work();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / times;
    }
}
