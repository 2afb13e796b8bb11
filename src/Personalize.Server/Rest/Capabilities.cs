using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>What this server can do, made from what is there. Source: http://hl7.org/fhir/R4/http.html#capabilities; SMART App Launch 2.2, conformance.</summary>
internal static class Capabilities
{
    private const string Restful = "http://terminology.hl7.org/CodeSystem/restful-security-service";
    private const string OAuthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

    private const string BaseHere = "http://base.invalid";
    private const string RootHere = "http://root.invalid";

    private static readonly ConditionalWeakTable<RestServices, Composed> _composed = [];

    /// <summary>A statement, and the search parameters that it names.</summary>
    private sealed record Composed(SearchCatalog Catalog, string Text);

    private static readonly CapabilityStatement.TypeRestfulInteraction[] _interactions =
    [
        CapabilityStatement.TypeRestfulInteraction.Read, CapabilityStatement.TypeRestfulInteraction.Vread, CapabilityStatement.TypeRestfulInteraction.Update, CapabilityStatement.TypeRestfulInteraction.Patch,
        CapabilityStatement.TypeRestfulInteraction.Delete, CapabilityStatement.TypeRestfulInteraction.HistoryInstance, CapabilityStatement.TypeRestfulInteraction.HistoryType,
        CapabilityStatement.TypeRestfulInteraction.Create, CapabilityStatement.TypeRestfulInteraction.SearchType,
    ];

    private static readonly CapabilityStatement.SystemRestfulInteraction[] _systemInteractions =
        [CapabilityStatement.SystemRestfulInteraction.Transaction, CapabilityStatement.SystemRestfulInteraction.Batch, CapabilityStatement.SystemRestfulInteraction.HistorySystem, CapabilityStatement.SystemRestfulInteraction.SearchSystem];

    /// <summary>200 with the CapabilityStatement, or for <c>mode=terminology</c> the TerminologyCapabilities; anybody may ask. All that the statement says is of normative parts or lies under a resource, so that <c>mode=normative</c> answers the same as <c>full</c>.</summary>
    public static Outcome<Answer> Answer(string method, string? mode, RestServices services, Uri fhirBase)
    {
        if (method is not ("GET" or "HEAD"))
            return Http.Answer.Of(new Failure.NotAllowed("The capabilities are read with GET.")) with { Allow = "GET, HEAD" };
        if (mode is "terminology")
            return Http.Answer.Ok(Encoding.UTF8.GetBytes(Terminology(services, fhirBase).ToJson()));
        if (mode is not (null or "" or "full" or "normative"))
            return new Failure.Invalid("mode is full, normative or terminology.");
        var composed = Text(services);
        var encoded = JsonEncodedText.Encode(fhirBase.ToString().TrimEnd('/')).ToString();
        var root = JsonEncodedText.Encode(new Uri(fhirBase, "..").ToString().TrimEnd('/')).ToString();
        return Http.Answer.Ok(Encoding.UTF8.GetBytes(composed.Replace(BaseHere, encoded, StringComparison.Ordinal).Replace(RootHere, root, StringComparison.Ordinal)));
    }

    /// <summary>Composed once for the search parameters that can be searched: it is large, and only the base differs with the name by which a caller reaches the server.</summary>
    private static string Text(RestServices services)
    {
        var catalog = services.Catalog;
        if (!_composed.TryGetValue(services, out var composed) || !catalog.SearchesLike(composed.Catalog))
            _composed.AddOrUpdate(services, composed = new(catalog, Statement(services, catalog).ToJson()));
        return composed.Text;
    }

    private static CapabilityStatement Statement(RestServices services, SearchCatalog catalog) => new()
    {
        Status = PublicationStatus.Active,
        Date = Built,
        Publisher = "Personalize.Fhir",
        Kind = CapabilityStatementKind.Instance,
        Software = new() { Name = "Personalize.Fhir", Version = typeof(Capabilities).Assembly.GetName().Version?.ToString(3) },
        Implementation = new() { Description = "Personalize.Fhir", Url = BaseHere },
        FhirVersion = FHIRVersion.N4_0_1,
        Format = ["json", "xml", MediaTypes.FhirJson, MediaTypes.FhirXml],
        PatchFormat = [MediaTypes.JsonPatch, MediaTypes.XmlPatch, MediaTypes.FhirJson, MediaTypes.FhirXml],
        Rest = [Rest(services, catalog)],
    };

    private static TerminologyCapabilities Terminology(RestServices services, Uri fhirBase)
    {
        bool Has(string type, string name) => services.Operations.Any(o => o.Type == type && o.Name == name);
        return new TerminologyCapabilities
        {
            Status = PublicationStatus.Active,
            Date = Built,
            Publisher = "Personalize.Fhir",
            Kind = CapabilityStatementKind.Instance,
            Software = new() { Name = "Personalize.Fhir", Version = typeof(Capabilities).Assembly.GetName().Version?.ToString(3) },
            Implementation = new() { Description = "Personalize.Fhir", Url = fhirBase.ToString().TrimEnd('/') },
            Expansion = Has("ValueSet", "expand") ? new() { Paging = true, Hierarchical = false } : null,
            ValidateCode = Has("ValueSet", "validate-code") ? new() { Translations = false } : null,
        };
    }

    // The day on which this build was made: the statement changes with the build, not with the day on which it is read.
    private static string Built { get; } = File.GetLastWriteTimeUtc(typeof(Capabilities).Assembly.Location).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static CapabilityStatement.RestComponent Rest(RestServices services, SearchCatalog catalog) => new()
    {
        Mode = CapabilityStatement.RestfulCapabilityMode.Server,
        Security = Security(services.Secured),
        Resource = [.. FhirSchema.R4.ResourceTypes.Select(type => OfType(type, services, catalog))],
        Compartment = ["http://hl7.org/fhir/CompartmentDefinition/patient"],
        Interaction = [.. _systemInteractions.Select(code => new CapabilityStatement.SystemInteractionComponent { Code = code })],
        Operation = [.. services.Operations.Where(o => o.Level == OperationLevel.System).DistinctBy(o => o.Name).Select(Operation)],
    };

    private static CapabilityStatement.ResourceComponent OfType(string type, RestServices services, SearchCatalog catalog) => new()
    {
        Type = type,
        Interaction = [.. _interactions.Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code })],
        Versioning = CapabilityStatement.ResourceVersionPolicy.VersionedUpdate,
        ReadHistory = true,
        UpdateCreate = true,
        ConditionalCreate = true,
        ConditionalRead = CapabilityStatement.ConditionalReadStatus.FullSupport,
        ConditionalUpdate = true,
        // More than one are deleted only when _count in the URL allows so many.
        ConditionalDelete = CapabilityStatement.ConditionalDeleteStatus.Single,
        SearchInclude = ["*", .. catalog.For(type).Where(p => p.Type == SearchParameterType.Reference).Select(p => $"{type}:{p.Code}")],
        SearchRevInclude = [.. catalog.All.Where(p => p.Type == SearchParameterType.Reference && (p.Targets.Count == 0 || p.Targets.Contains(type)) && p.ResourceType is not ("Resource" or "DomainResource")).Select(p => $"{p.ResourceType}:{p.Code}").Order(StringComparer.Ordinal)],
        SearchParam = [.. catalog.For(type).Where(catalog.IsSearched).Select(Parameter)],
        Operation = [.. services.Operations.Where(o => o.Level != OperationLevel.System && (o.Type is null || o.Type == type)).DistinctBy(o => o.Name).Select(Operation)],
        ReferencePolicy = [CapabilityStatement.ReferenceHandlingPolicy.Literal, CapabilityStatement.ReferenceHandlingPolicy.Logical, CapabilityStatement.ReferenceHandlingPolicy.Local],
    };

    private static CapabilityStatement.SearchParamComponent Parameter(Fhir.Search.SearchParameter parameter) => new()
    {
        Name = parameter.Code,
        Definition = parameter.Canonical,
        Type = Enum.Parse<SearchParamType>(parameter.Type.ToString()),
    };

    private static CapabilityStatement.OperationComponent Operation(Operation operation) => new() { Name = operation.Name, Definition = operation.Definition };

    private static CapabilityStatement.SecurityComponent Security(bool secured)
    {
        var security = new CapabilityStatement.SecurityComponent { Cors = true };
        if (!secured)
            return security;
        security.Service = [new CodeableConcept(Restful, "SMART-on-FHIR", "SMART-on-FHIR", null)];
        var uris = new Extension { Url = OAuthUris };
        foreach (var (name, path) in new[] { ("authorize", "auth/authorize"), ("token", "auth/token"), ("introspect", "auth/introspect"), ("revoke", "auth/revoke") })
            uris.Extension.Add(new Extension(name, new FhirUri($"{RootHere}/{path}")));
        security.Extension.Add(uris);
        return security;
    }
}
