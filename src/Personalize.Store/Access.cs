using System.Collections.Immutable;
using Personalize.Fhir.Primitives;

namespace Personalize.Store;

/// <summary>What may be done with resources of a type.</summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Create.</summary>
    Create = 1,
    /// <summary>Read, vread, history of an instance.</summary>
    Read = 2,
    /// <summary>Update.</summary>
    Update = 4,
    /// <summary>Delete.</summary>
    Delete = 8,
    /// <summary>Search, history of a type or the system.</summary>
    Search = 16,
    /// <summary>Everything.</summary>
    All = 31,
}

/// <summary>Rights on a type.</summary>
/// <param name="Type">A resource type, or <c>*</c> for all.</param>
/// <param name="Rights">What may be done.</param>
/// <param name="InCompartment">True: only with resources in the compartment of <see cref="Access.Patient"/>.</param>
public sealed record Grant(string Type, Rights Rights, bool InCompartment);

/// <summary>How far a right reaches.</summary>
public enum Reach
{
    /// <summary>Nowhere.</summary>
    None,
    /// <summary>The compartment of one patient.</summary>
    Compartment,
    /// <summary>Everywhere.</summary>
    All,
}

/// <summary>Who asks, and what they may do. Every call of the store takes one; what no grant allows is denied.</summary>
/// <param name="Actor">A reference such as <c>Practitioner/x</c>, or the id of a client.</param>
/// <param name="Grants">What is allowed.</param>
/// <param name="Patient">The patient of the launch; grants of a compartment reach nothing without one.</param>
/// <param name="IsEngine">True for the engine's own write-back, which alone writes derived extensions.</param>
public sealed record Access(string Actor, ImmutableArray<Grant> Grants, ResourceId? Patient, bool IsEngine = false)
{
    /// <summary>The engine: everything.</summary>
    public static Access Engine { get; } = new("Device/personalize-engine", [new Grant("*", Rights.All, false)], null, true);

    /// <summary>Somebody who may do everything.</summary>
    public static Access Operator(string actor) => new(actor, [new Grant("*", Rights.All, false)], null);

    /// <summary>How far a right on a type reaches: the farthest of all grants that name it.</summary>
    public Reach Of(string type, Rights right)
    {
        var reach = Reach.None;
        foreach (var grant in Grants)
            if (Names(grant, type) && (grant.Rights & right) == right)
                reach = Max(reach, Reaching(grant));
        return reach;
    }

    private static bool Names(Grant grant, string type) => grant.Type == "*" || grant.Type == type;

    private Reach Reaching(Grant grant) => !grant.InCompartment ? Reach.All : Patient is null ? Reach.None : Reach.Compartment;

    private static Reach Max(Reach left, Reach right) => left > right ? left : right;
}
