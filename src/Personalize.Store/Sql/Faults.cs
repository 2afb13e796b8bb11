using System.Globalization;
using Personalize.Fhir.Primitives;

namespace Personalize.Store.Sql;

/// <summary>Failures of a commit, each naming the entry of the bundle.</summary>
internal static class Faults
{
    public static string At(Change change, string text) => change.Entry is null ? text : $"{change.Entry}: {text}";

    public static Failure Denied(Change change) => new Failure.Denied(At(change, $"The access does not allow this change of a {change.Type}."));

    public static string Version(long version) => version.ToString(CultureInfo.InvariantCulture);
}
