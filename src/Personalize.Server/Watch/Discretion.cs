using System.Diagnostics;
using OpenTelemetry;
using Personalize.Fhir.Schema;

namespace Personalize.Server.Watch;

/// <summary>Takes out of activities what tells of patients: the query, and in the path all that is neither a type nor an operation.</summary>
internal sealed class Discretion : BaseProcessor<Activity>
{
    private static readonly string[] _secret = ["url.query", "url.full", "http.url", "http.target"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        foreach (var tag in _secret)
            data.SetTag(tag, null);
        if (data.GetTagItem("url.path") is string path)
            data.SetTag("url.path", Shape(path));
    }

    /// <summary>The shape of a path: <c>/fhir/Patient/17/_history/2</c> is <c>/fhir/Patient/*/_history/*</c>; of paths outside of <c>/fhir</c> only the first part is left.</summary>
    public static string Shape(string path)
    {
        var parts = path.Split('/');
        var isFhir = parts is ["", "fhir", ..];
        return string.Join('/', parts.Select((part, at) => at < 2 || part.Length == 0 || (isFhir && IsWord(part)) ? part : "*"));
    }

    private static bool IsWord(string part) =>
        part == "metadata" || part is "_history" or "_search" || (part[0] == '$' && part.Skip(1).All(c => char.IsAsciiLetterLower(c) || c == '-') && part.Length < 40)
        || FhirSchema.R4.Type(part) is { IsResource: true };
}
