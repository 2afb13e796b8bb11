using Hl7.Fhir.Model;
using Personalize.App.Clinician;
using Personalize.App.Fhir;
using FhirTask = Hl7.Fhir.Model.Task;

namespace Personalize.App.Practice;

/// <summary>A row of the practice's list.</summary>
/// <param name="Patient">The patient.</param>
/// <param name="Segments">The names of the segments that the patient is in.</param>
/// <param name="Suggestions">How many suggestions wait; null when that could not be read.</param>
public sealed record PatientRow(Patient Patient, IReadOnlyList<string> Segments, int? Suggestions);

/// <summary>A page of the practice's list.</summary>
/// <param name="Rows">The patients.</param>
/// <param name="Next">The next page's address relative to the FHIR base; null on the last.</param>
public sealed record PatientPage(IReadOnlyList<PatientRow> Rows, string? Next);

/// <summary>A plain view of a record, as an EHR shows it beside an app.</summary>
public sealed record PlainChart(
    Patient Patient,
    Answer<IReadOnlyList<string>> Problems,
    Answer<IReadOnlyList<string>> Medicines,
    Answer<IReadOnlyList<string>> Allergies,
    Answer<IReadOnlyList<Observation>> Results);

/// <summary>Reads what the practice pages show, over HTTP, as the signed-in clinician.</summary>
internal sealed class PracticeReader(IPractice practice, HttpContext context, OutgoingHttp http)
{
    private const int PageSize = 25;
    private readonly FhirClient _client = new(http.Client, practice.FhirBase, new PracticeToken(practice, context));

    /// <summary>Patients whose name matches; all when there is no name. <paramref name="next"/> is a page's address out of an earlier answer.</summary>
    public async Task<Answer<PatientPage>> Patients(string? name, string? next, CancellationToken cancellation)
    {
        var search = next ?? $"Patient?_sort=family&_count={PageSize}" + (string.IsNullOrWhiteSpace(name) ? "" : $"&name={Uri.EscapeDataString(Escaped(name.Trim()))}");
        var found = await _client.Get<Bundle>(search, cancellation);
        if (!found.TryGet(out var bundle, out var trouble))
            return trouble.Value;
        Patient[] patients = [.. bundle.Entry.Select(e => e.Resource).OfType<Patient>()];
        var counts = await Counts(patients, cancellation);
        return new PatientPage(
            [.. patients.Select(p => new PatientRow(p, Segments(p), counts is null ? null : counts.GetValueOrDefault(p.Id ?? "")))],
            _client.Next(bundle));
    }

    /// <summary>The plain chart of a patient.</summary>
    public async Task<Answer<PlainChart>> Chart(string id, CancellationToken cancellation)
    {
        var patient = _client.Read<Patient>(id, cancellation);
        var of = $"patient={Uri.EscapeDataString(id)}";
        var problems = _client.Get<Bundle>($"Condition?{of}&_count=50", cancellation);
        var medicines = _client.Get<Bundle>($"MedicationRequest?{of}&status=active&_count=50", cancellation);
        var allergies = _client.Get<Bundle>($"AllergyIntolerance?{of}&_count=50", cancellation);
        var results = _client.Get<Bundle>($"Observation?{of}&_sort=-date&_count=40", cancellation);
        if (!(await patient).TryGet(out var whose, out var trouble))
            return trouble.Value;
        return new PlainChart(
            whose,
            Names<Condition>(await problems, c => c.ClinicalStatus?.Coding.Any(s => s.Code is "resolved" or "inactive" or "remission") == true ? "" : Shown.Concept(c.Code)),
            Names<MedicationRequest>(await medicines, m => Shown.Concept(m.Medication as CodeableConcept)),
            Names<AllergyIntolerance>(await allergies, a => Shown.Concept(a.Code)),
            (await results).Select<IReadOnlyList<Observation>>(b => [.. Of<Observation>(b).Where(o => o.Value is Quantity).DistinctBy(o => Shown.Concept(o.Code)).Take(10)]));
    }

    private static Answer<IReadOnlyList<string>> Names<T>(Answer<Bundle> found, Func<T, string> name)
        where T : Resource => found.Select<IReadOnlyList<string>>(b => [.. Of<T>(b).Select(name).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)]);

    private static IEnumerable<T> Of<T>(Bundle bundle)
        where T : Resource => bundle.Entry.Select(e => e.Resource).OfType<T>();

    // One search for the whole page: a column that costs a request a row would make the list slow.
    private async Task<Dictionary<string, int>?> Counts(Patient[] patients, CancellationToken cancellation)
    {
        if (patients.Length == 0)
            return [];
        var ids = string.Join(',', patients.Select(p => Uri.EscapeDataString(p.Id ?? "")));
        var found = await _client.Search<FhirTask>($"Task?patient={ids}&status=requested&_count=200", cancellation);
        return found.Value?.Where(Suggestion.Is)
            .GroupBy(t => t.For?.Reference?.Split('/')[^1] ?? "", StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Segments(Patient patient) =>
        [.. patient.GetExtensions(Canonicals.PatientSegment).Select(s => s.GetExtensionValue<Coding>("code")).OfType<Coding>().Select(c => c.Display ?? c.Code ?? "")];

    // FHIR R4, search: these characters have a meaning inside a value.
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);

    private sealed class PracticeToken(IPractice practice, HttpContext context) : ITokens
    {
        public async ValueTask<string?> Get(string? refused, CancellationToken cancellation)
        {
            var token = await practice.AccessToken(context, cancellation);
            return token == refused ? null : token;
        }
    }
}
