using System.Diagnostics;
using System.Globalization;
using System.Text;
using Personalize.Benchmarks.Raw;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Benchmarks.Store;

/// <summary>How long the common searches take in process, one after another, beside one prepared statement each on the raw tables. Answers are whole resources; queries are parsed beforehand.</summary>
internal sealed class SearchLatencies(Clones clones, int count, IResourceStore store, IRawQuestions raw)
{
    private const int Runs = 400;
    private const int WarmUps = 150;
    private const int DeepPage = 500;
    private const int PageSize = 10;
    private static readonly Access _access = Access.Operator("search");
    private readonly Dictionary<string, Resource[]> _samples = Samples(clones, count);

    /// <summary>A question with many sets of values; both lanes answer how many matches they found.</summary>
    private sealed record Question(string Name, Func<int, ValueTask<long>> Ours, Func<int, long> Raw);

    /// <summary>Asks everything and tells.</summary>
    public async Task Run(Report report)
    {
        var lines = new List<string[]>();
        foreach (var question in Questions().Append(await Deep()))
            lines.Add(await Line(question));
        report.Rows($"Searches in process over {count:N0} resources: µs, {Runs} runs",
            ["", "store p50", "store p95", "raw p50", "raw p95", "store / raw, p50", "matches, store and raw"], lines);
    }

    private IEnumerable<Question> Questions()
    {
        var (observations, patients, conditions) = (_samples["Observation"], _samples["Patient"], _samples["Condition"]);
        var codes = observations.Select(r => (Patient: PatientOf(r), Coding: Coding(r))).ToArray();
        var common = codes.GroupBy(c => c.Coding).MaxBy(g => g.Count())!.Key;
        yield return new("by id", async i => (await store.Read(_access, KeyOf(observations[i]), default)).Value.Json.Length > 0 ? 1 : 0, i => raw.ById("Observation", KeyOf(observations[i]).Id.ToString()));
        yield return Of("Observation by patient and code, sorted by date, 20", codes, c => ("Observation", $"patient={c.Patient}&code={c.Coding.System}|{c.Coding.Code}&_sort=-date&_count=20"), c => raw.ByCodeOfPatient(c.Patient, c.Coding.Code));
        yield return new("count of the most common code", async _ => (await store.Search(_access, Query("Observation", $"code={common.System}|{common.Code}&_summary=count"), null, default)).Value.Total!.Value, _ => raw.Count("Observation", common.System, common.Code));
        string[] names = [.. patients.Select(Prefix).Where(name => Ascii.IsValid(name))];
        yield return Of("Patient by name prefix, 20", names, p => ("Patient", $"name={p}&_count=20"), p => raw.ByName(p));
        yield return Of("Condition by code, 20", [.. conditions.Select(Coding)], c => ("Condition", $"code={c.System}|{c.Code}&_count=20"), c => raw.ByCode("Condition", c.System, c.Code));
        yield return Of("Observation by its patient's name, 20", names, p => ("Observation", $"subject:Patient.name={p}&_count=20"), p => raw.ByChain(p));
        yield return Of("Observation of 30 days, sorted by date, 20", [.. observations.Select(DateOf)],
            d => ("Observation", $"date=ge{Text(d)}&date=lt{Text(d.AddDays(30))}&_sort=-date&_count=20"), d => raw.ByDate(Start(d), (Start(d.AddDays(30)), 0), 20));
    }

    /// <summary>Page 500 of all Observations by date; page 1 of the same stands in its name.</summary>
    private async Task<Question> Deep()
    {
        var query = Query("Observation", $"_sort=-date&_count={PageSize}&_total=none");
        var (mark, end) = ((SearchMark?)null, (Low: long.MaxValue, Rid: 0L));
        for (var page = 1; page < DeepPage && (mark is not null || page == 1); page++)
        {
            mark = (await store.Search(_access, query, mark, default)).Value.Next;
            raw.ByDate(long.MinValue, end, PageSize);
            end = raw.End;
        }
        var first = await Line(new("", _ => Ask(query, null), _ => raw.ByDate(long.MinValue, (long.MaxValue, 0), PageSize)));
        return new($"page {DeepPage} of {PageSize}, sorted by date (page 1: store {first[1]}, raw {first[3]})", _ => Ask(query, mark), _ => raw.ByDate(long.MinValue, end, PageSize));
    }

    private Question Of<T>(string name, T[] values, Func<T, (string Type, string Query)> query, Func<T, long> answer)
    {
        var queries = values.Select(v => query(v) is var (type, text) ? Query(type, text) : throw new UnreachableException()).ToArray();
        return new(name, i => Ask(queries[i % queries.Length], null), i => answer(values[i % values.Length]));
    }

    private async ValueTask<long> Ask(SearchQuery query, SearchMark? mark) => (await store.Search(_access, query, mark, default)).Value.Matches.Length;

    private static async Task<string[]> Line(Question question)
    {
        var (ours, theirs) = (new double[Runs], new double[Runs]);
        var (found, foundRaw) = (0L, 0L);
        for (var run = -WarmUps; run < Runs; run++)
        {
            var sample = (run + WarmUps) % Runs;
            var start = Stopwatch.GetTimestamp();
            var own = await question.Ours(sample);
            var middle = Stopwatch.GetTimestamp();
            var bare = question.Raw(sample);
            if (run < 0)
                continue;
            (ours[run], theirs[run]) = (Stopwatch.GetElapsedTime(start, middle).TotalMicroseconds, Stopwatch.GetElapsedTime(middle).TotalMicroseconds);
            (found, foundRaw) = (found + own, foundRaw + bare);
        }
        Array.Sort(ours);
        Array.Sort(theirs);
        return [question.Name, N(ours, 0.5), N(ours, 0.95), N(theirs, 0.5), N(theirs, 0.95), (Measured.At(ours, 0.5) / Measured.At(theirs, 0.5)).ToString("0.0", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{(double)found / Runs:N1}, {(double)foundRaw / Runs:N1}")];
    }

    /// <summary>Resources of three types, of every generation the same number of places.</summary>
    private static Dictionary<string, Resource[]> Samples(Clones clones, int count)
    {
        var random = new Random(1);
        var some = Enumerable.Range(0, 60_000).Select(_ => clones.Json(random.Next(count))).Select(json => Resource.Parse(json).Value);
        return new[] { "Observation", "Patient", "Condition" }.ToDictionary(type => type, type => some.Where(r => r.Type == type && (type == "Patient" || r.Root.Child("code") is not null)).Take(type == "Patient" ? 60 : Runs).ToArray());
    }

    private SearchQuery Query(string type, string text) => SearchQuery.Parse(type, text, store.Catalog).Value;

    private static ResourceKey KeyOf(Resource resource) => new(resource.Type, resource.Id!);

    private static string PatientOf(Resource resource) => resource.Root.Child("subject")!.Value.Child("reference")!.Value.Text!["Patient/".Length..];

    private static (string System, string Code) Coding(Resource resource) => resource.Root.Child("code")!.Value.Child("coding") is { } coding ? (coding.Child("system")!.Value.Text!, coding.Child("code")!.Value.Text!) : ("", "");

    // Four letters, the first two of them those of the generation.
    private static string Prefix(Resource patient) => patient.Root.Child("name")!.Value.Child("family")!.Value.Text![..4].ToLowerInvariant();

    private static DateTimeOffset DateOf(Resource observation) => DateTimeOffset.Parse(observation.Root.Child("effectiveDateTime")?.Text ?? "2015-01-01T00:00:00Z", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static long Start(DateTimeOffset date) => date.ToUnixTimeSeconds() * 1000;

    private static string N(double[] sorted, double part) => Measured.At(sorted, part).ToString("N1", CultureInfo.InvariantCulture);
}
