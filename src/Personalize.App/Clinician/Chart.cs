using Hl7.Fhir.Model;
using Personalize.App.Fhir;
using Personalize.App.Launch;
using FhirTask = Hl7.Fhir.Model.Task;

namespace Personalize.App.Clinician;

/// <summary>What the clinician's page shows. Each part stands for itself: one that could not be read leaves the others as they are.</summary>
public sealed record Chart
{
    /// <summary>Whose chart it is.</summary>
    public required Patient Patient { get; init; }

    /// <summary>All suggestions, the best first.</summary>
    public required Answer<IReadOnlyList<Suggestion>> Suggestions { get; init; }

    /// <summary>Why: of segments, preferences and suggestions.</summary>
    public required Answer<IReadOnlyList<Explanation>> Why { get; init; }

    /// <summary>Visits, appointments and messages, the newest first.</summary>
    public required IReadOnlyList<Contact> Contacts { get; init; }

    /// <summary>True when a source of the contacts could not be read.</summary>
    public required bool ContactsLack { get; init; }

    /// <summary>The suggestions that wait for an answer. One that has just lost its ground is not shown, even before its Task is withdrawn.</summary>
    public IReadOnlyList<Suggestion> Open =>
        [.. (Suggestions.Value ?? []).Where(s => s.Status == FhirTask.TaskStatus.Requested && s.Why?.Holds != "false")];

    /// <summary>The ones that were answered or withdrawn, the latest first.</summary>
    public IReadOnlyList<Suggestion> Answered =>
        [.. (Suggestions.Value ?? []).Where(s => s.Status != FhirTask.TaskStatus.Requested).OrderByDescending(s => s.Changed, StringComparer.Ordinal)];

    /// <summary>Reads all parts at once; trouble when the patient cannot be read, for without a name nothing may be shown.</summary>
    internal static async Task<Answer<Chart>> Read(LaunchSession launch, CancellationToken cancellation)
    {
        var (client, id) = (launch.Client, Uri.EscapeDataString(launch.Patient));
        var patient = client.Read<Patient>(launch.Patient, cancellation);
        var tasks = client.Search<FhirTask>($"Task?patient={id}&_count=100", cancellation);
        var why = client.Get<Parameters>($"Patient/{id}/$why", cancellation);
        var visits = client.Get<Bundle>($"Encounter?patient={id}&_sort=-date&_count=12", cancellation);
        var booked = client.Get<Bundle>($"Appointment?patient={id}&_sort=-date&_count=12", cancellation);
        var messages = client.Get<Bundle>($"Communication?patient={id}&_sort=-sent&_count=12", cancellation);
        if (!(await patient).TryGet(out var whose, out var trouble))
            return trouble.Value;
        var reasons = (await why).Select(Explanation.Read);
        Answer<Bundle>[] contacts = [await visits, await booked, await messages];
        return new Chart
        {
            Patient = whose,
            Why = reasons,
            Suggestions = (await tasks).Select(found => Ranked(found, reasons.Value ?? [])),
            Contacts = [.. contacts.SelectMany(InBundle).OrderByDescending(c => c.At)],
            ContactsLack = contacts.Any(c => c.Trouble is not null),
        };
    }

    private static IReadOnlyList<Suggestion> Ranked(IEnumerable<FhirTask> tasks, IReadOnlyList<Explanation> why) =>
        [.. tasks.Where(Suggestion.Is).Select(t => Suggestion.Of(t, why)).OrderByDescending(s => s.Rank).ThenBy(s => s.Title, StringComparer.Ordinal)];

    private static IEnumerable<Contact> InBundle(Answer<Bundle> found) => (found.Value?.Entry ?? []).Select(e => e.Resource switch
    {
        Encounter visit => Contact.Of(visit),
        Appointment booked => Contact.Of(booked),
        Communication message => Contact.Of(message),
        _ => null,
    }).OfType<Contact>();
}
