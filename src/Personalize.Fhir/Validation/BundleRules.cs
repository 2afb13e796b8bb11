using Personalize.Fhir.Elements;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation;

/// <summary>What holds between the parts of a Bundle, beyond its constraints. Source: FHIR R4, Bundle, and RESTful API, batch and transaction.</summary>
internal sealed class BundleRules(Findings findings)
{
    private static readonly string[] _once = ["self", "first", "previous", "prev", "next", "last"];

    public void Check(Element bundle)
    {
        var type = bundle.Child("type")?.Text;
        Links(bundle);
        foreach (var entry in bundle.Children("entry"))
        {
            Address(entry, type is not ("collection" or "searchset" or "history"));
            if (type is "batch" or "transaction" && entry.Child("request") is { } request)
                Request(entry, request);
        }
    }

    private void Links(Element bundle)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var link in bundle.Children("link"))
            if (link.Child("relation")?.Text is { } relation && _once.Contains(relation) && !seen.Add(relation))
                findings.Error(Findings.BusinessRule, "A link of this relation may be there only once.", link);
    }

    /// <summary>The fullUrl is absolute, and where it names a type and an id they are the resource's.</summary>
    private void Address(Element entry, bool isStrict)
    {
        if (entry.Child("fullUrl") is not { HasValue: true } full)
            return;
        var url = full.Text!;
        if (!url.Contains(':', StringComparison.Ordinal))
            findings.Error(Findings.Value, "fullUrl must be an absolute URL.", full);
        if (entry.Child("resource") is not { } resource || url.StartsWith("urn:", StringComparison.Ordinal))
            return;
        if (url.Contains("/_history/", StringComparison.Ordinal))
            findings.Error(Findings.Value, "fullUrl must not name a version.", full);
        else if (ReferenceTargets.TypeNamed(url) is { } type && (type != resource.Type || (resource.Child("id")?.Text is { } id && !url.EndsWith("/" + id, StringComparison.Ordinal))))
            Differs(full, isStrict);
    }

    /// <summary>Collections of what came from elsewhere are lenient: their addresses are used for nothing.</summary>
    private void Differs(Element full, bool isStrict)
    {
        const string Text = "fullUrl names another type or id than the resource has.";
        if (isStrict)
            findings.Error(Findings.Value, Text, full);
        else
            findings.Warning(Findings.Value, Text, full);
    }

    private void Request(Element entry, Element request)
    {
        var resource = entry.Child("resource");
        var method = request.Child("method")?.Text;
        if (method is "POST" or "PUT" && resource is null)
            findings.Error(Findings.Required, "An entry of this method must bear a resource.", entry, "resource");
        // An operation takes what its definition says.
        if (request.Child("url") is not { HasValue: true } url || resource is null || method is not ("POST" or "PUT") || url.Text!.Contains('$', StringComparison.Ordinal))
            return;
        var parts = url.Text!.Split('?')[0].Split('/');
        if (FhirSchema.R4.Type(parts[0]) is { IsResource: true } named && named != resource.Value.Type)
            findings.Error(Findings.Structure, "The request names another type than the resource has.", url);
        else if (method == "PUT" && parts.Length == 2 && resource.Value.Child("id")?.Text is { } id && id != parts[1])
            findings.Error(Findings.Value, "The request names another id than the resource has.", url);
    }
}
