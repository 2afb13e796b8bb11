using System.Text.Json.Nodes;

namespace Personalize.App.Tests.Ehr;

/// <summary>Two people with suggestions, for tests of the pages alone.</summary>
internal static class People
{
    public static SmallEhr Fill(SmallEhr ehr)
    {
        ehr.Put("""
            {"resourceType":"Patient","id":"maria","identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"A-1"}],
             "name":[{"use":"official","family":"O'Brien <b>","given":["Maria"]}],"gender":"female","birthDate":"1957-03-03",
             "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"es"}]},"preferred":true}]}
            """);
        ehr.Put("""
            {"resourceType":"Patient","id":"walter","name":[{"family":"Berg","given":["Walter"]}],"gender":"male","birthDate":"1949-11-30"}
            """);
        foreach (var (id, title, rank) in new[] { ("s-eye", "Refer for a retinal exam", 0.9m), ("s-a1c", "Measure A1c", 0.8m), ("s-flu", "Offer the flu vaccine", 0.5m), ("s-walk", "Suggest walking", 0.1m) })
            ehr.Put(Task(id, "maria", title, rank));
        ehr.Put(Task("s-fall", "walter", "Ask about falls", 0.7m));
        ehr.Put("""{"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"VR"},"type":[{"text":"Follow-up"}],"subject":{"reference":"Patient/maria"},"period":{"start":"2026-05-04T10:00:00-04:00"}}""");
        ehr.Put("""{"resourceType":"Communication","id":"c1","status":"completed","sender":{"reference":"Patient/maria"},"subject":{"reference":"Patient/maria"},"medium":[{"coding":[{"code":"SMSWRIT"}]}],"sent":"2026-05-01T09:00:00-04:00","payload":[{"contentString":"<script>alert(1)</script> see [you](javascript:alert(1))"}]}""");
        ehr.Why["maria"] = JsonNode.Parse(Why)!.AsObject();
        return ehr;
    }

    private static string Task(string id, string patient, string title, decimal rank) => $$"""
        {"resourceType":"Task","id":"{{id}}","status":"requested","intent":"proposal","priority":"routine",
         "extension":[{"url":"https://personalize-fhir.org/fhir/StructureDefinition/suggestion-rank","valueDecimal":{{rank.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}],
         "code":{"coding":[{"system":"https://personalize-fhir.org/fhir/CodeSystem/suggestion","code":"{{id}}"}],"text":"{{title}}"},
         "description":"{{title}}: a sentence.","for":{"reference":"Patient/{{patient}}"},"authoredOn":"2026-10-01"}
        """;

    private const string Why = """
        {"resourceType":"Parameters","parameter":[
          {"name":"suggestion","part":[{"name":"code","valueCode":"s-eye"},{"name":"title","valueString":"Refer for a retinal exam"},{"name":"holds","valueCode":"true"},
            {"name":"task","valueReference":{"reference":"Task/s-eye"}},{"name":"text","valueString":"Diabetes and no eye exam in 24 months."},
            {"name":"citation","valueString":"ADA Standards of Care"},{"name":"citation-url","valueUri":"javascript:alert(1)"},{"name":"grade","valueString":"ADA B"},
            {"name":"reason","part":[{"name":"fact","valueCode":"last-eye"},{"name":"title","valueString":"Last eye exam"},{"name":"value","valueString":"2024-01-02"},{"name":"holds","valueCode":"true"}]},
            {"name":"used","valueReference":{"reference":"Condition/d","display":"Type 2 diabetes since 2015-04-01"}},{"name":"missing","valueString":"Pregnancy status"}]},
          {"name":"segment","part":[{"name":"code","valueCode":"older-adult"},{"name":"title","valueString":"Older adult"},{"name":"holds","valueCode":"true"},{"name":"since","valueDate":"2022-03-03"},{"name":"text","valueString":"65 or older."}]},
          {"name":"segment","part":[{"name":"code","valueCode":"child"},{"name":"title","valueString":"Child"},{"name":"holds","valueCode":"false"}]},
          {"name":"preference","part":[{"name":"code","valueCode":"channel.care"},{"name":"title","valueString":"Care messages"},{"name":"holds","valueCode":"true"},
            {"name":"value","valueCoding":{"system":"https://personalize-fhir.org/fhir/CodeSystem/channel","code":"sms"}},{"name":"source","valueCode":"observed"},{"name":"date","valueDate":"2026-05-01"},{"name":"text","valueString":"Three replies by text."}]}
        ]}
        """;
}
