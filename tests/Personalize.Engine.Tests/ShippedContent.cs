using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Personalize.Engine.Content;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Tests;

/// <summary>What stands in fhir-profiles and sample-bundles, read from the source tree.</summary>
internal static class ShippedContent
{
    public static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    public static Knowledge Knowledge { get; } = Content.Knowledge.Of(Resources()).Value;

    public static IEnumerable<Resource> Resources() => Directory
        .EnumerateFiles(Path.Combine(RepositoryRoot(), "fhir-profiles"), "*.json", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && File.ReadAllText(file).Contains("\"resourceType\"", StringComparison.Ordinal))
        .Select(file => Resource.Parse(File.ReadAllBytes(file)).Value);

    /// <summary>The records in a transaction bundle: one for each Patient, with all that the bundle holds.</summary>
    public static IEnumerable<PatientRecord> Records(string file)
    {
        var entries = JsonNode.Parse(File.ReadAllBytes(file))!["entry"]!.AsArray();
        var resources = entries.Select(entry => Resource.Parse(Encoding.UTF8.GetBytes(entry!["resource"]!.ToJsonString())).Value).ToList();
        return resources.Where(resource => resource.Type == "Patient")
            .Select(patient => new PatientRecord(patient, resources.Where(resource => resource.Type != "Patient")));
    }

    public static string? Corpus(string path)
    {
        var corpora = Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA");
        return corpora is null ? null : Path.Combine(corpora, path);
    }
}
