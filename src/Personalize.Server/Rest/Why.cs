using Personalize.Engine;
using Personalize.Engine.Content;
using Personalize.Engine.Writing;
using Personalize.Fhir.Primitives;
using Personalize.Server.Flow;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Why a patient has these segments, preferences and suggestions: <c>Patient/{id}/$why[?code=]</c>. Worked out when asked, from the record as it is.</summary>
/// <remarks>A result is told only to who may read every type that it rests on.</remarks>
/// <param name="store">Where the records are.</param>
/// <param name="knowledge">What is known.</param>
/// <param name="now">The time at the practice.</param>
public sealed class Why(IResourceStore store, StoredKnowledge knowledge, Func<DateTimeOffset> now)
{
    private readonly PatientWork _work = new(store);

    /// <summary>The Parameters as JSON. Fails as reading the Patient fails.</summary>
    /// <param name="access">Who asks.</param>
    /// <param name="patient">About whom.</param>
    /// <param name="code">Only results of that code; null for all.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> Answer(Access access, ResourceId patient, string? code, CancellationToken ct)
    {
        if (!(await store.Read(access, new ResourceKey("Patient", patient), ct)).TryGet(out _, out var failure))
            return failure;
        if (await _work.Read(Access.Engine, patient, ct) is not var (record, memberships))
            return new Failure.Missing("There is no such patient.");
        var known = knowledge.Current;
        var decision = Decide.For(record, known, now(), memberships);
        return R4Json.Write(Told(decision, known, access, patient, code).All);
    }

    private static WhyParameters Told(Decision decision, Knowledge knowledge, Access access, ResourceId patient, string? code)
    {
        bool May(IEnumerable<string> types) => Sight.Reaches(access, patient, types);
        var told = new WhyParameters(code, Sight.Reaches(access, patient, ["Task"]));
        foreach (var segment in decision.Segments.Where(segment => May(knowledge.TypesBehind(segment.Definition))))
            told.Add(segment);
        foreach (var preference in decision.Preferences.Where(preference => May(knowledge.TypesBehind(preference.Definition))))
            told.Add(preference);
        foreach (var suggestion in decision.Suggestions.Where(suggestion => May(knowledge.TypesBehind(suggestion.Rule))))
            told.Add(suggestion);
        return told;
    }
}
