using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Personalize.Fhir.Elements;
using Personalize.Server.Http;
using Personalize.Store;

namespace Personalize.Server.Rest;

/// <summary>Writes Bundles around stored bytes. Source: http://hl7.org/fhir/R4/bundle.html.</summary>
internal static class Bundles
{
    /// <summary>A Bundle's head up to its entries.</summary>
    public static JsonPieces Open(string type, long? total, IEnumerable<(string Relation, string Url)> links)
    {
        var json = new JsonPieces().Raw("{\"resourceType\":\"Bundle\",\"type\":\"").Raw(type).Raw("\"");
        if (total is { } count)
            json.Raw(",\"total\":").Raw(count.ToString(CultureInfo.InvariantCulture));
        var between = ",\"link\":[";
        foreach (var (relation, url) in links)
        {
            json.Raw(between).Raw("{\"relation\":").Quoted(relation).Raw(",\"url\":").Quoted(url).Raw("}");
            between = ",";
        }
        return between == "," ? json.Raw("]") : json;
    }

    /// <summary>Adds the entries (none: no array, which FHIR would not have empty) and closes.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Close<T>(JsonPieces json, IEnumerable<T> entries, Action<JsonPieces, T> write)
    {
        var between = ",\"entry\":[";
        foreach (var entry in entries)
        {
            write(json.Raw(between), entry);
            between = ",";
        }
        return json.Raw(between == "," ? "]}" : "}").Body();
    }

    /// <summary>An entry of a search.</summary>
    /// <param name="json">Where it is added.</param>
    /// <param name="stored">The resource.</param>
    /// <param name="mode">Why it is there.</param>
    /// <param name="fhirBase">The base as it stands inside a JSON string.</param>
    public static void Found(JsonPieces json, Stored stored, string mode, string fhirBase) =>
        json.Raw("{\"fullUrl\":\""u8).Raw(fhirBase).Raw(stored.Key.Type).Raw("/"u8).Raw(stored.Key.Id.ToString()).Raw("\",\"resource\":"u8).Stored(stored.Json).Raw(",\"search\":{\"mode\":\""u8).Raw(mode).Raw("\"}}"u8);

    /// <summary>An entry of a history.</summary>
    public static void Past(JsonPieces json, Stored stored, Uri fhirBase)
    {
        json.Raw("{\"fullUrl\":").Quoted($"{fhirBase}{stored.Key}");
        if (!stored.Deleted)
            json.Raw(",\"resource\":").Stored(stored.Json);
        var (method, url, status) = stored.Kind switch
        {
            ChangeKind.Create => ("POST", stored.Key.Type, "201"),
            ChangeKind.Delete => ("DELETE", stored.Key.ToString(), "204"),
            _ => ("PUT", stored.Key.ToString(), stored.Version == "1" ? "201" : "200"),
        };
        json.Raw(",\"request\":{\"method\":").Quoted(method).Raw(",\"url\":").Quoted(url)
            .Raw("},\"response\":{\"status\":").Quoted(status).Raw(",\"etag\":").Quoted($"W/\"{stored.Version}\"")
            .Raw(",\"lastModified\":").Quoted(Edit.Instant(stored.LastUpdated)).Raw("}}");
    }

    /// <summary>An entry of the response to a batch or transaction.</summary>
    public static void Responded(JsonPieces json, Answer answer)
    {
        json.Raw("{");
        if (!answer.IsOutcome && answer.Body.Count > 0)
            json.Raw("\"resource\":").Stored(answer.Body).Raw(",");
        json.Raw("\"response\":{\"status\":").Quoted($"{answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}");
        if (answer.Location is not null)
            json.Raw(",\"location\":").Quoted(answer.Location);
        if (answer.ETag is not null)
            json.Raw(",\"etag\":").Quoted(answer.ETag);
        if (answer.LastModified is { } time)
            json.Raw(",\"lastModified\":").Quoted(Edit.Instant(time));
        if (answer.IsOutcome)
            json.Raw(",\"outcome\":").Stored(answer.Body);
        json.Raw("}}");
    }
}
