using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Smart;

/// <summary>What a client asks for or was given: a list of scopes, each of which is understood.</summary>
/// <remarks>Source: SMART App Launch 2.2, Scopes and Launch Context.</remarks>
public sealed record Scopes
{
    /// <summary>The patient is chosen on the way, for a client that starts outside a chart.</summary>
    public const string PickScope = "launch/patient";
    /// <summary>A refresh token that outlives the session.</summary>
    public const string OfflineScope = "offline_access";
    /// <summary>A refresh token that ends with the session.</summary>
    public const string OnlineScope = "online_access";

    /// <summary>The scopes beside those about resources.</summary>
    public static ImmutableArray<string> Plain { get; } = ["launch", PickScope, "openid", "fhirUser", OfflineScope, OnlineScope];

    private Scopes(ImmutableArray<ResourceScope> resources, ImmutableHashSet<string> plain) => (Resources, Others) = (resources, plain);

    /// <summary>The scopes about resources, in the order in which they were asked for.</summary>
    public ImmutableArray<ResourceScope> Resources { get; }

    /// <summary>The others: out of <see cref="Plain"/>.</summary>
    public ImmutableHashSet<string> Others { get; }

    /// <summary>Nothing is asked for.</summary>
    public bool IsEmpty => Resources.IsEmpty && Others.IsEmpty;

    /// <summary>The launch context of an EHR launch is asked for.</summary>
    public bool Launch => Others.Contains("launch");

    /// <summary>The patient is to be chosen on the way.</summary>
    public bool PicksPatient => Others.Contains(PickScope);

    /// <summary>A scope is about the patient of the launch.</summary>
    public bool NeedsPatient => Resources.Any(scope => scope.Level == ScopeLevel.Patient);

    /// <summary>Reads scopes separated by single spaces. Fails with <see cref="Failure.Invalid"/> when one is not understood: no unknown text ever grants.</summary>
    public static Outcome<Scopes> Parse(string? text) => Of(text?.Split(' ') ?? []);

    /// <summary>Reads a list of scopes; fails as <see cref="Parse"/> does.</summary>
    public static Outcome<Scopes> Of(IEnumerable<string> texts)
    {
        var resources = ImmutableArray.CreateBuilder<ResourceScope>();
        var plain = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (ResourceScope.TryParse(text, out var scope))
                resources.Add(scope);
            else if (Plain.Contains(text))
                plain.Add(text);
            else
                return new Failure.Invalid("A scope is not offered here.");
        }
        return new Scopes(resources.ToImmutable(), plain.ToImmutable());
    }

    /// <summary>True when everything in the other scopes is in these too.</summary>
    public bool Cover(Scopes other) =>
        other.Others.IsSubsetOf(Others) && other.Resources.All(asked => Resources.Any(own => own.Covers(asked)));
}
