using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Server;

/// <summary>The definitions that come with the program: R4's, US Core's, and those among the resources of <c>fhir-profiles</c>. Read once, made when they are first asked for.</summary>
/// <param name="content">The resources of <c>fhir-profiles</c>.</param>
public sealed class ProgramDefinitions(IReadOnlyList<Resource> content)
{
    private readonly Lazy<ValueSets> _terms = new(() => ValueSets.UsCore.With(content.Select(r => r.Tree)));
    private readonly Lazy<ProfileCatalog> _profiles = new(() => ProfileCatalog.UsCore.With(content.Select(r => r.Tree)));

    /// <summary>The resources of <c>fhir-profiles</c>.</summary>
    public IReadOnlyList<Resource> Content => content;

    /// <summary>Code systems and value sets.</summary>
    public ValueSets Terms => _terms.Value;

    /// <summary>Profiles and extensions.</summary>
    public ProfileCatalog Profiles => _profiles.Value;

    /// <summary>Reads them. Fails with <see cref="Failure.Invalid"/> that names the file which cannot be read.</summary>
    public static Outcome<ProgramDefinitions> Read() => ContentFiles.Read("fhir-profiles").Select(content => new ProgramDefinitions(content));

    /// <summary>The same evaluation with value sets for <c>memberOf()</c> and profiles for <c>conformsTo()</c>.</summary>
    public static FhirPathContext Evaluation(FhirPathContext scope, ValueSets terms, ProfileCatalog profiles)
    {
        var known = scope with { ValueSets = terms };
        return known with { ConformsTo = (element, canonical) => Validator.Conforms(element, canonical, new ValidationContext(known) { Profiles = profiles }) };
    }

    /// <summary>The search parameters. Fails with <see cref="Failure.Invalid"/> on one of <c>fhir-profiles</c> that cannot be read.</summary>
    public Outcome<SearchCatalog> Catalog() => SearchCatalog.R4.With(content.Where(r => r.Type == "SearchParameter")).Select(catalog => catalog.With(Terms));
}
