using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Engine.Record;

/// <summary>The ids of what the engine offers, and how to know it again.</summary>
public static class OfferIds
{
    private const string Prefix = "s-";
    private const int HashLength = 32;
    private static readonly SearchValues<char> _hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The id that a suggestion's Task, requests and Provenance share: derived, so that the same offer is never made twice.</summary>
    /// <param name="patient">The patient.</param>
    /// <param name="rule">The rule's code.</param>
    /// <param name="period">The period that it is for, such as <c>2026-H1</c>.</param>
    public static ResourceId Of(ResourceId patient, string rule, string period)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{patient}|{rule}|{period}"));
        return ResourceId.Of(Prefix + Convert.ToHexStringLower(hash)[..HashLength]);
    }

    /// <summary>True for the Task and Provenance of a suggestion, and for its requests while nobody took them up.</summary>
    public static bool IsOffer(Resource resource) => HasOfferedId(resource) && resource.Type switch
    {
        "Task" or "Provenance" => true,
        "RequestGroup" or "ServiceRequest" or "CommunicationRequest" => resource.Root.TextAt("status") is "draft" or "revoked",
        _ => false,
    };

    private static bool HasOfferedId(Resource resource) =>
        resource.Id?.ToString() is { Length: HashLength + 2 } id
        && id.StartsWith(Prefix, StringComparison.Ordinal)
        && !id.AsSpan(Prefix.Length).ContainsAnyExcept(_hex);
}
