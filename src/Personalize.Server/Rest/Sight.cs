using Personalize.Fhir.Primitives;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Whether an access may see what was derived: only who may read every type that it rests on.</summary>
internal static class Sight
{
    /// <summary>True when the access may read all these types of one patient.</summary>
    public static bool Reaches(Access access, ResourceId patient, IEnumerable<string> types) => types.All(type => access.Of(type, Rights.Read) switch
    {
        Reach.All => true,
        Reach.Compartment => access.Patient == patient,
        _ => false,
    });

    /// <summary>True when the access may read all these types of everybody.</summary>
    public static bool ReachesAll(Access access, IEnumerable<string> types) => types.All(type => access.Of(type, Rights.Read) == Reach.All);
}
