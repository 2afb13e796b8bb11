using System.Globalization;
using Personalize.Benchmarks;
using Personalize.Benchmarks.Http;
using Personalize.Benchmarks.LiteDb;
using Personalize.Benchmarks.Postgres;
using Personalize.Benchmarks.Store;

// dotnet run -c Release --project tests/Personalize.Benchmarks -- VERB [NUMBER] [FILE]
// The benchmarks start these in processes of their own.
if (args is ["server", var kind, var served])
{
    await Servers.Run(kind, served);
    return 0;
}
if (args is ["write", var database, var written])
{
    LiteDbBenchmarks.WriteForever(database, written);
    return 0;
}
var verbs = new Dictionary<string, (string Title, int Number)>
{
    ["core"] = ("The way of a resource", 15),
    ["search"] = ("Search expressions", 15),
    ["fhirpath"] = ("The commonest FHIRPath expressions", 15),
    ["profiles"] = ("Profiles on Observations", 15),
    ["store"] = ("The store beside the limit of SQLite", 200_000),
    ["litedb"] = ("SQLite beside LiteDB", 20_000),
    ["memory"] = ("Memory while many resources are served", 400_000),
    ["postgres"] = ("The store on PostgreSQL beside its limit", 50_000),
    ["http"] = ("The server beside the limits of Kestrel and SQLite", 50_000),
};
var verb = args.ElementAtOrDefault(0) ?? "";
if (Environment.GetEnvironmentVariable("PERSONALIZE_CORPORA") is not { Length: > 0 } corpora || !verbs.TryGetValue(verb, out var known))
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project tests/Personalize.Benchmarks -- {string.Join('|', verbs.Keys)} [NUMBER] [FILE]\nNUMBER: rounds; of the others: resources. PERSONALIZE_CORPORA names the folder with Synthea's records.");
    return 2;
}
var number = args.ElementAtOrDefault(1) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : known.Number;
var inRounds = verb is "core" or "search" or "fhirpath" or "profiles";
var report = new Report(known.Title, $"dotnet run -c Release --project tests/Personalize.Benchmarks -- {verb} {number}", TimeProvider.System.GetUtcNow(), inRounds ? "; one thread" : "");
var resources = verb == "fhirpath" ? [] : SyntheticResources.Read(corpora);
if (inRounds && resources.Length > 0)
    report.Say(string.Create(CultureInfo.InvariantCulture, $"{resources.Length:N0} resources of Synthea, minified, {resources.Average(r => r.Length):N0} bytes in the mean; up to {number} rounds."));
switch (verb)
{
    case "core":
        CoreBenchmarks.AgainstJsonDocument(resources, number, report);
        CoreBenchmarks.AgainstSdk(resources, Math.Max(number / 4, 3), report);
        break;
    case "profiles":
        ProfileBenchmarks.AgainstJsonDocument(resources, number, report);
        break;
    case "fhirpath":
        FhirPathBenchmarks.AgainstSdk(corpora, report);
        break;
    case "search":
        SearchBenchmarks.AgainstSdk(resources, Math.Max(number / 3, 3), report);
        break;
    case "store":
        await StoreBenchmarks.Run(Clones.Of(resources), number, report);
        break;
    case "litedb":
        await LiteDbBenchmarks.Run(Clones.Of(resources), number, report);
        break;
    case "memory":
        await MemoryBenchmark.Run(Clones.Of(resources), number, report);
        break;
    case "postgres" when Environment.GetEnvironmentVariable("PERSONALIZE_BENCH_POSTGRES") is { Length: > 0 } connection:
        await PostgresBenchmarks.Run(connection, Clones.Of(resources), number, report);
        break;
    case "postgres":
        Console.Error.WriteLine("PERSONALIZE_BENCH_POSTGRES is the connection string of a database in which the benchmark may make and drop the schemas bench_own and bench_raw.");
        return 2;
    case "http":
        await HttpBenchmarks.Run(Clones.Of(resources), number, report);
        break;
}
Console.WriteLine(report);
if (args.ElementAtOrDefault(2) is { } file)
    File.WriteAllText(file, report.ToString());
return 0;
