using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Personalize.Engine.Content;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Tests;

/// <summary>Small content, in the formats of fhir-profiles.</summary>
internal static class TestContent
{
    public const string Root = "https://personalize-fhir.org/fhir";

    public static Resource Parse(JsonNode json) => Resource.Parse(Encoding.UTF8.GetBytes(json.ToJsonString())).Value;

    public static Resource Fact(string name, string type, string expression, string? unit = null, string status = "active") => Parse(new JsonObject
    {
        ["resourceType"] = "Library",
        ["id"] = $"fact-{name}",
        ["extension"] = new JsonArray(
            Complex("fact", [("type", "valueCode", type), .. unit is null ? Array.Empty<(string, string, JsonNode)>() : [("unit", "valueString", unit)]]),
            Extension("http://hl7.org/fhir/StructureDefinition/cqf-expression", "valueExpression", Expression(expression))),
        ["url"] = $"{Root}/Library/fact-{name}",
        ["version"] = "1.0.0",
        ["title"] = $"The {name}",
        ["status"] = status,
        ["type"] = LibraryType("fact"),
    });

    public static Resource Segment(string code, string expression, string status = "active") => Parse(new JsonObject
    {
        ["resourceType"] = "Group",
        ["id"] = $"segment-{code}",
        ["extension"] = new JsonArray(Complex("segment-definition",
            ("url", "valueUri", $"{Root}/Group/segment-{code}"), ("version", "valueString", "2.0.0"), ("status", "valueCode", status),
            ("kind", "valueCode", "needs-based"), ("expression", "valueExpression", Expression(expression)))),
        ["type"] = "person",
        ["actual"] = false,
        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"{Root}/CodeSystem/segment", ["code"] = code }) },
        ["name"] = $"Those {code}",
    });

    public static JsonObject Source(string source, string values, string? topic = null) => Complex("preference-source",
        [("source", "valueCode", source), .. topic is null ? Array.Empty<(string, string, JsonNode)>() : [("topic", "valueCode", topic)],
         ("values", "valueExpression", Expression(values)), ("text", "valueString", $"It is {source}.")]);

    public static Resource Preference(string kind, string[] topics, params JsonObject[] sources) => Parse(new JsonObject
    {
        ["resourceType"] = "Library",
        ["id"] = $"preference-{kind}",
        ["extension"] = new JsonArray([
            Extension($"{Root}/StructureDefinition/preference-kind", "valueCode", kind),
            .. topics.Select(topic => Extension($"{Root}/StructureDefinition/preference-topic", "valueCode", topic)), .. sources]),
        ["url"] = $"{Root}/Library/preference-{kind}",
        ["version"] = "1.0.0",
        ["title"] = kind,
        ["status"] = "active",
        ["type"] = LibraryType("preference"),
    });

    public static Resource Rule(string code, string condition, decimal benefit = 0.5m, string period = "year", string kind = "ServiceRequest", string? end = null, string[]? more = null) => Parse(new JsonObject
    {
        ["resourceType"] = "PlanDefinition",
        ["id"] = code,
        ["extension"] = new JsonArray(Complex("suggestion-rule", ("benefit", "valueDecimal", benefit), ("urgency", "valueDecimal", 0.8m), ("period", "valueCode", period))),
        ["contained"] = new JsonArray(new JsonObject
        {
            ["resourceType"] = "ActivityDefinition",
            ["id"] = "offer",
            ["status"] = "active",
            ["kind"] = kind,
            ["code"] = new JsonObject { ["text"] = $"Do {code}" },
            ["description"] = $"{code} is offered.",
        }),
        ["url"] = $"{Root}/PlanDefinition/{code}",
        ["version"] = "3.0.0",
        ["title"] = $"Title of {code}",
        ["status"] = "active",
        ["description"] = $"Consider {code}.",
        ["usage"] = $"Talk about {code}.",
        ["effectivePeriod"] = new JsonObject { ["start"] = "2020-01-01", ["end"] = end ?? "2030-12-31" },
        ["relatedArtifact"] = new JsonArray(new JsonObject { ["type"] = "citation", ["label"] = "USPSTF A", ["citation"] = "A source", ["url"] = "https://example.org/source" }),
        ["action"] = new JsonArray(new JsonObject
        {
            ["title"] = $"Action of {code}",
            ["condition"] = new JsonArray([.. new[] { condition }.Concat(more ?? []).Select(Condition)]),
            ["definitionCanonical"] = "#offer",
        }),
    });

    public static Resource DismissalReasons() => Parse(new JsonObject
    {
        ["resourceType"] = "CodeSystem",
        ["id"] = "dismissal-reason",
        ["url"] = $"{Root}/CodeSystem/dismissal-reason",
        ["status"] = "active",
        ["content"] = "complete",
        ["concept"] = new JsonArray([.. new[]
            {
                ("patient-declined", "12 months"), ("not-appropriate", "for good"), ("already-done", "12 months"), ("not-now", "30 days"), ("data-wrong", "90 days"), ("other", "90 days"),
            }
            .Select(reason => new JsonObject { ["code"] = reason.Item1, ["property"] = new JsonArray(new JsonObject { ["code"] = "rest", ["valueString"] = reason.Item2 }) })]),
    });

    public static Resource ChannelNames() => Parse(new JsonObject
    {
        ["resourceType"] = "CodeSystem",
        ["id"] = "channel",
        ["url"] = $"{Root}/CodeSystem/channel",
        ["status"] = "active",
        ["content"] = "complete",
        ["concept"] = new JsonArray(new JsonObject { ["code"] = "sms", ["display"] = "Text message" }, new JsonObject { ["code"] = "phone", ["display"] = "Phone call" }),
    });

    public static Knowledge Knowing(params Resource[] content) => Knowledge.Of([DismissalReasons(), .. content]).Value;

    private static JsonObject Condition(string expression) => new()
    {
        ["kind"] = "applicability",
        ["expression"] = new JsonObject { ["description"] = $"When {expression}", ["language"] = "text/fhirpath", ["expression"] = expression },
    };

    private static JsonObject LibraryType(string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"{Root}/CodeSystem/library-type", ["code"] = code }) };

    private static JsonObject Expression(string text) => new() { ["language"] = "text/fhirpath", ["expression"] = text };

    private static JsonObject Extension(string url, string property, JsonNode value) => new() { ["url"] = url, [property] = value };

    private static JsonObject Complex(string name, params (string Url, string Property, JsonNode Value)[] parts) => new()
    {
        ["url"] = $"{Root}/StructureDefinition/{name}",
        ["extension"] = new JsonArray([.. parts.Select(part => Extension(part.Url, part.Property, part.Value))]),
    };

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static JsonNode Node(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<JsonNode>(json.Span)!;
}
