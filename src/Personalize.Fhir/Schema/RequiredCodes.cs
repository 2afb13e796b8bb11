using Personalize.Fhir.Json;
using Personalize.Fhir.Terminology;

namespace Personalize.Fhir.Schema;

/// <summary>What the value sets that were asked last say of a required binding, laid out for looking codes up in UTF-8.</summary>
/// <param name="Sets">The value sets.</param>
/// <param name="List">The bare codes; null when the set is more than a list.</param>
/// <param name="Pairs">Codings as <c>system|code</c> that are surely in the set; null when none are laid out.</param>
internal sealed record RequiredCodes(ValueSets Sets, JsonNames? List, JsonNames? Pairs);
