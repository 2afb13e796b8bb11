using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Record;

/// <summary>What is on file about one person: the Patient and the current resources of the record. Immutable.</summary>
/// <remarks>What the engine itself offered (and nobody took up) is set apart in <see cref="Offered"/>: expressions over the record never see it, so that nothing feeds on itself.</remarks>
public sealed class PatientRecord
{
    private readonly Dictionary<string, PathValues> _byType;
    private readonly Dictionary<ResourceKey, Resource> _byKey = [];
    private readonly Dictionary<JsonTree, Resource> _byTree = new(ReferenceEqualityComparer.Instance);

    /// <summary>A record.</summary>
    /// <param name="patient">The Patient; must bear an id.</param>
    /// <param name="rest">The other resources; one that is there twice counts once.</param>
    public PatientRecord(Resource patient, IEnumerable<Resource> rest)
    {
        Patient = patient;
        Id = patient.Id ?? throw new ArgumentException("The Patient has no id.", nameof(patient));
        var all = rest.Prepend(patient).Where(Enter).ToList();
        Offered = [.. all.Where(OfferIds.IsOffer)];
        _byType = all.Except(Offered).GroupBy(resource => resource.Type).ToDictionary(type => type.Key, NewestFirst);
    }

    /// <summary>The Patient.</summary>
    public Resource Patient { get; }

    /// <summary>The Patient's id.</summary>
    public ResourceId Id { get; }

    /// <summary>What the engine itself offered before: Tasks and their requests and provenance.</summary>
    public ImmutableArray<Resource> Offered { get; }

    /// <summary>True when suggestions make sense: the person lives and the record is in use.</summary>
    public bool IsActive => Patient.Root.TextAt("active") != "false" && !IsDeceased;

    private bool IsDeceased => Patient.Root.Child("deceased") is { HasValue: true } deceased && deceased.Text != "false";

    /// <summary>All resources of a type, newest first by clinical date; those without one last.</summary>
    public PathValues OfType(string type) => _byType.GetValueOrDefault(type, PathValues.Empty);

    /// <summary>What a reference <c>Type/id</c> names in this record, or null. A URL before it does not matter, a version behind it neither.</summary>
    public Resource? Find(string reference) => References.Key(reference) is { } key ? Find(key) : null;

    /// <summary>A resource of this record, or null.</summary>
    public Resource? Find(ResourceKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The resource in which an element lies, or null when it is not of this record.</summary>
    public Resource? Holding(Element element) => _byTree.GetValueOrDefault(element.Tree);

    private bool Enter(Resource resource)
    {
        if (resource.Id is null || !_byKey.TryAdd(new(resource.Type, resource.Id), resource))
            return false;
        _byTree.Add(resource.Tree, resource);
        return true;
    }

    private static PathValues NewestFirst(IEnumerable<Resource> resources) => PathValues.Of(resources
        .Select(resource => (resource, date: ClinicalDate.Of(resource)?.At ?? DateTimeOffset.MinValue))
        .OrderByDescending(item => item.date)
        .ThenBy(item => item.resource.Id!.ToString(), StringComparer.Ordinal)
        .Select(item => item.resource.Root));
}
