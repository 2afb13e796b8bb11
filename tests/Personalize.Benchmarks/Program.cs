using System.Globalization;
using Personalize.Benchmarks;

// dotnet run -c Release --project tests/Personalize.Benchmarks -- core|search|fhirpath|profiles [ROUNDS] [FILE]
var verb = args.ElementAtOrDefault(0) ?? "";
var rounds = args.ElementAtOrDefault(1) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 15;
if (Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA") is not { Length: > 0 } corpora || verb is not ("core" or "search" or "fhirpath" or "profiles"))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Personalize.Benchmarks -- core|search|fhirpath|profiles [ROUNDS] [FILE]\nPERSONALIZE_CORPORA names the folder with Synthea's records.");
    return 2;
}
var resources = verb == "fhirpath" ? [] : SyntheticResources.Read(corpora);
var report = new Report(
    verb switch { "core" => "The way of a resource", "search" => "Search expressions", "profiles" => "Profiles on Observations", _ => "The commonest FHIRPath expressions" },
    $"dotnet run -c Release --project tests/Personalize.Benchmarks -- {verb} {rounds}", TimeProvider.System.GetUtcNow());
if (verb != "fhirpath")
    report.Say(string.Create(CultureInfo.InvariantCulture, $"{resources.Length:N0} resources of Synthea, minified, {resources.Average(r => r.Length):N0} bytes in the mean; up to {rounds} rounds."));
if (verb == "core")
{
    CoreBenchmarks.AgainstJsonDocument(resources, rounds, report);
    CoreBenchmarks.AgainstSdk(resources, Math.Max(rounds / 4, 3), report);
}
else if (verb == "profiles")
    ProfileBenchmarks.AgainstJsonDocument(resources, rounds, report);
else if (verb == "fhirpath")
    FhirPathBenchmarks.AgainstSdk(corpora, report);
else
    SearchBenchmarks.AgainstSdk(resources, Math.Max(rounds / 3, 3), report);
Console.WriteLine(report);
if (args.ElementAtOrDefault(2) is { } file)
    File.WriteAllText(file, report.ToString());
return 0;
