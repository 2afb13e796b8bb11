using System.Text;
using System.Text.RegularExpressions;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Tests;

/// <summary>Conditions coded in SNOMED CT and in ICD-10-CM mean the same here.</summary>
public sealed partial class A_condition_is_seen
{
    private const string Snomed = "http://snomed.info/sct";
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Pcs = "http://www.cms.gov/Medicare/Coding/ICD10";

    // What a clinician would choose in ICD-10-CM for the conditions of the sample people.
    private static readonly Dictionary<string, string> _same = new()
    {
        ["162864005"] = "Z68.31",
        ["239873007"] = "M17.9",
        ["13644009"] = "E78.00",
        ["13645005"] = "J44.9",
        ["15777000"] = "R73.03",
        ["195967001"] = "J45.909",
        ["22298006"] = "I21.9",
        ["233678006"] = "J45.909",
        ["32911000"] = "Z59.00",
        ["38341003"] = "I10",
        ["396275006"] = "M19.90",
        ["399211009"] = "I25.2",
        ["414545008"] = "I25.9",
        ["431855005"] = "N18.1",
        ["431856006"] = "N18.2",
        ["431857002"] = "N18.4",
        ["433144002"] = "N18.30",
        ["44054006"] = "E11.9",
        ["49436004"] = "I48.91",
        ["53741008"] = "I25.10",
        ["55822004"] = "E78.5",
        ["59621000"] = "I10",
        ["64859006"] = "M81.0",
        ["713458007"] = "Z59.82",
        ["714628002"] = "R73.03",
        ["73211009"] = "E11.9",
        ["733423003"] = "Z59.41",
        ["84114007"] = "I50.9",
    };

    public static TheoryData<string> People => ContentFolder.People.Where(name => CodesOf(name).Any(IsAskedFor)).Aggregate(new TheoryData<string>(), (all, name) =>
    {
        all.Add(name);
        return all;
    });

    [Theory, MemberData(nameof(People))]
    public void As_well_in_ICD_10_CM_by_segments_and_suggestions(string person)
    {
        Assert.All(CodesOf(person).Where(IsAskedFor), code => Assert.Contains(code, _same));
        var recoded = Decide.For(Recoded(person), ContentFolder.Knowledge, ContentFolder.Now, []);
        var plain = ContentFolder.Decisions[person];

        Assert.Equal(plain.Segments.Select(segment => (segment.Definition.Code, segment.Holds)), recoded.Segments.Select(segment => (segment.Definition.Code, segment.Holds)));
        Assert.Equal(plain.Suggestions.Select(rule => (rule.Rule.Code, rule.Holds, rule.IsOffered)), recoded.Suggestions.Select(rule => (rule.Rule.Code, rule.Holds, rule.IsOffered)));
    }

    [Theory]
    [InlineData("has-diabetes", "E10.9", "E11.65", "E11.3213", "E13.22", "E11.A")]
    [InlineData("has-prediabetes", "R73.03", "R73.01")]
    [InlineData("has-hypertension", "I10", "I11.9", "I12.9", "I13.10")]
    [InlineData("has-cvd", "I25.10", "I25.709", "I21.4", "I63.9", "I63.512", "I70.213", "E11.51", "Z95.5", "Z86.73", "I69.354")]
    [InlineData("has-hyperlipidemia", "E78.5", "E78.2")]
    [InlineData("has-ckd", "N18.31", "N18.9", "E11.22", "I12.9", "I13.2")]
    [InlineData("has-kidney-failure", "N18.6", "Z99.2", "Z94.0", "I12.0")]
    [InlineData("has-heart-failure", "I50.22", "I50.9", "I11.0", "I13.0")]
    [InlineData("has-atrial-fibrillation", "I48.91", "I48.20")]
    [InlineData("has-asthma", "J45.909", "J45.30")]
    [InlineData("has-chronic-lung-disease", "J44.9", "J43.9")]
    [InlineData("has-arthritis", "M17.11", "M06.9", "M05.79", "M19.072")]
    [InlineData("has-osteoporosis", "M81.0", "M80.08XA", "M80.052D")]
    [InlineData("has-breast-cancer", "C50.912", "Z85.3", "Z90.13", "D05.11")]
    [InlineData("has-colorectal-cancer", "C18.7", "C20", "Z85.038")]
    [InlineData("has-obesity", "E66.9", "E66.812", "Z68.41")]
    [InlineData("housing-need", "Z59.00", "Z59.1", "Z59.811")]
    [InlineData("food-need", "Z59.41")]
    [InlineData("transport-need", "Z59.82")]
    [InlineData("utilities-need", "Z59.12")]
    [InlineData("in-hospice", "Z51.5")]
    public void By_each_of_its_codes(string fact, params string[] codes) => Assert.All(codes, code => Assert.True(Truth(fact, Has(Icd, code)), code));

    [Theory]
    [InlineData("has-diabetes", "O24.410", "R73.03", "E09.9")]
    [InlineData("has-hypertension", "I15.0", "R03.0")]
    [InlineData("has-cvd", "I20.1", "I61.9", "I65.21", "I21.A1")]
    [InlineData("has-kidney-failure", "N18.4", "N17.9")]
    [InlineData("has-breast-cancer", "Z90.11", "Z80.3", "N63.0")]
    [InlineData("has-colorectal-cancer", "Z90.49", "K63.5", "Z86.010")]
    [InlineData("has-obesity", "E66.3", "Z68.29")]
    public void Not_by_its_neighbours(string fact, params string[] codes) => Assert.All(codes, code => Assert.False(Truth(fact, Has(Icd, code)), code));

    [Fact]
    public void Not_by_a_code_of_another_system() => Assert.False(Truth("has-diabetes", Has("http://hl7.org/fhir/sid/icd-10", "E11.9")));

    [Fact]
    public void Not_when_it_is_refuted_or_over()
    {
        Assert.False(Truth("has-diabetes", Has(Icd, "E11.9", """ "verificationStatus":{"coding":[{"code":"refuted"}]}, """)));
        Assert.False(Truth("has-diabetes", Has(Icd, "E11.9", """ "clinicalStatus":{"coding":[{"code":"resolved"}]}, """)));
    }

    [Fact]
    public void For_hospice_only_within_a_year()
    {
        Assert.True(Truth("in-hospice", Has(Icd, "Z51.5", """ "recordedDate":"2026-03-01", """)));
        Assert.False(Truth("in-hospice", Has(Icd, "Z51.5", """ "recordedDate":"2024-03-01", """)));
    }

    [Theory]
    [InlineData("has-breast-cancer", Icd, "Z90.12", Icd, "Z90.11")]
    [InlineData("has-breast-cancer", Snomed, "428571003", Snomed, "429400009")]
    [InlineData("has-breast-cancer", Snomed, "429009003", Icd, "Z90.11")]
    [InlineData("both-feet-lost", Icd, "Z89.512", Icd, "Z89.431")]
    [InlineData("both-feet-lost", Snomed, "308096001", Snomed, "308095002")]
    public void On_both_sides_only_when_each_side_is_there(string fact, string leftSystem, string left, string rightSystem, string right)
    {
        Assert.False(Truth(fact, Has(leftSystem, left)));
        Assert.False(Truth(fact, Has(rightSystem, right)));
        Assert.True(Truth(fact, Add(Has(leftSystem, left), rightSystem, right)));
    }

    [Fact]
    public void So_nobody_asks_for_a_foot_exam_without_feet()
    {
        var record = Add(Has(Icd, "E11.9"), Icd, "Z89.511");
        Assert.True(Holds("dm-5", record));
        Assert.False(Holds("dm-5", Add(record, Icd, "Z89.612")));
        Assert.False(Holds("dm-5", Has(Icd, "E11.9").Keep($$"""
            {"resourceType":"Procedure","id":"a","status":"completed","code":{"coding":[{"system":"{{Pcs}}","code":"0Y640ZZ"}]},"subject":{"reference":"Patient/p"} }
            """)));
    }

    [Fact]
    public void So_obesity_on_the_list_speaks_where_nobody_measured()
    {
        Assert.Null(Holds("obe-1", Has(Icd, "E11.9")));
        Assert.True(Holds("obe-1", Has(Icd, "E66.9")));
        Assert.False(Holds("obe-1", Has(Icd, "E66.9").Keep("""
            {"resourceType":"Observation","id":"b","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"39156-5"}]},"subject":{"reference":"Patient/p"},
             "effectiveDateTime":"2026-09-01","valueQuantity":{"value":27,"unit":"kg/m2"} }
            """)));
    }

    [Fact]
    public void Wherever_a_fact_asks_for_conditions()
    {
        var asked = ContentFolder.Knowledge.Facts.SelectMany(fact => OfConditions().Matches(fact.Expression.Text)).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.True(asked.Count > 20);
        Assert.All(asked, set => Assert.Contains(Includes(set), include => include.System == Icd));
    }

    [Fact]
    public void By_codes_that_have_the_form_of_ICD_10_CM_and_stand_in_order()
    {
        var lists = ContentFolder.Content.Where(resource => resource.Type == "ValueSet").SelectMany(set => Includes(set.Root.Child("url")!.Value.Text!)).Where(include => include.System == Icd).ToList();

        Assert.All(lists.SelectMany(list => list.Codes), code => Assert.Matches(Form(), code));
        Assert.All(lists, list => Assert.Equal(list.Codes.Order(StringComparer.Ordinal).Distinct(), list.Codes));
    }

    private static bool? Truth(string fact, TestRecord record) => record.Look(ContentFolder.Knowledge).Facts.Fact(fact)!.Truth;

    private static bool? Holds(string rule, TestRecord record) => record.Look(ContentFolder.Knowledge).Suggestions.Single(suggestion => suggestion.Rule.Code == rule).Holds;

    private static TestRecord Has(string system, string code, string more = "") => Add(new TestRecord(), system, code, more);

    private static TestRecord Add(TestRecord record, string system, string code, string more = "") => record.Keep($$"""
        {"resourceType":"Condition","id":"c{{code}}","code":{"coding":[{"system":"{{system}}","code":"{{code}}"}]},{{more}}"subject":{"reference":"Patient/p"} }
        """);

    private static IEnumerable<(string System, List<string> Codes)> Includes(string url) => ContentFolder.Content
        .Single(resource => resource.Type == "ValueSet" && resource.Root.Child("url")!.Value.Text == url).Root.Child("compose")!.Value.Children("include")
        .Select(include => (include.Child("system")!.Value.Text!, include.Children("concept").Select(concept => concept.Child("code")!.Value.Text!).ToList()));

    private static bool IsAskedFor(string code) => ContentFolder.Knowledge.Facts.SelectMany(fact => OfConditions().Matches(fact.Expression.Text))
        .Any(match => ContentFolder.Knowledge.ValueSets.Contains(match.Groups[1].Value, Snomed, code) == true);

    private static IEnumerable<string> CodesOf(string person) => ContentFolder.ResourcesOf(person).Where(resource => resource.Type == "Condition")
        .SelectMany(condition => condition.Root.Child("code")!.Value.Children("coding")).Select(coding => coding.Child("code")!.Value.Text!);

    private static PatientRecord Recoded(string person)
    {
        var resources = ContentFolder.ResourcesOf(person).Select(resource => resource.Type == "Condition" ? Recoded(resource) : resource).ToList();
        return new PatientRecord(resources.Single(resource => resource.Type == "Patient"), resources.Where(resource => resource.Type != "Patient"));
    }

    private static Resource Recoded(Resource condition)
    {
        var json = TestContent.Node(condition.Bytes);
        foreach (var coding in json["code"]!["coding"]!.AsArray())
            if (_same.TryGetValue(coding!["code"]!.GetValue<string>(), out var icd))
                (coding["system"], coding["code"], coding["display"]) = (Icd, icd, "Said otherwise");
        return ContentFolder.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), condition.Id!.ToString()!);
    }

    [GeneratedRegex(@"%Condition\.where\(code\.memberOf\('([^']+)'\)")]
    private static partial Regex OfConditions();

    [GeneratedRegex(@"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]
    private static partial Regex Form();
}
