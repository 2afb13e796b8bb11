using Personalize.Engine.Suggestions;

namespace Personalize.Engine.Tests;

/// <summary>What a clinician would object to, were it otherwise.</summary>
public sealed class A_rule_of_the_content
{
    private const string Snomed = "http://snomed.info/sct";
    private const string Loinc = "http://loinc.org";
    private const string Rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    private const string Cvx = "http://hl7.org/fhir/sid/cvx";
    private const string ByReference = """ "medicationReference":{"reference":"Medication/x"} """;

    private static readonly string _contained =
        $$""" "medicationReference":{"reference":"#a"},"contained":[{"resourceType":"Medication","id":"a","code":{{Coded(Rxnorm, "617311")}} }] """;

    [Fact]
    public void Does_not_say_that_a_statin_is_missing_when_a_medicine_cannot_be_seen()
    {
        var heart = Has(Born("1960-05-05"), "53741008");
        Assert.True(Look(heart, "sta-2").IsOffered);

        var unseen = Look(Prescribed(heart, ByReference), "sta-2");
        Assert.Null(unseen.Holds);
        Assert.Contains("Takes a statin", unseen.Missing);
        Assert.False(Look(Prescribed(heart, _contained), "sta-2").Holds);
    }

    [Fact]
    public void Speaks_of_a_statin_once_for_each_person()
    {
        var record = Measured(Has(Has(Born("1970-05-05"), "44054006"), "38341003"), "79423-0", 14, "%");
        Assert.Equal(["dm-6"], Offered(record, "dm-6", "sta-1", "sta-2", "sta-3"));
        Assert.Equal(["sta-3"], Offered(Measured(record, "18262-6", 201, "mg/dL"), "dm-6", "sta-1", "sta-2", "sta-3"));
        Assert.Equal(["sta-2"], Offered(Has(record, "22298006"), "dm-6", "sta-1", "sta-2", "sta-3"));
        Assert.Empty(Offered(Has(record, "46177005"), "dm-6", "sta-1", "sta-2", "sta-3"));
    }

    [Theory]
    [InlineData(118, 74, 22, false)]
    [InlineData(118, 74, 31, true)]
    [InlineData(132, 74, 22, true)]
    public void Measures_blood_pressure_each_year_below_40_only_with_a_risk(int systolic, int diastolic, int bmi, bool due)
    {
        var young = Measured(Pressure(Born("2000-05-05"), systolic, diastolic, "2025-09-01"), "39156-5", bmi, "kg/m2");

        Assert.Equal(due, Look(young, "bp-1").Holds);
    }

    [Fact]
    public void Leaves_a_vaccine_alone_that_was_withheld_for_a_medical_reason()
    {
        var record = Measured(Born("1990-05-05"), "39156-5", 22, "kg/m2");
        Assert.True(Look(record, "flu-1").IsOffered);

        record.Keep($$"""
            {"resourceType":"Immunization","id":"i","status":"not-done","vaccineCode":{{Coded(Cvx, "140")}},"patient":{"reference":"Patient/p"},"occurrenceDateTime":"2025-10-01",
             "statusReason":{{Coded("http://terminology.hl7.org/CodeSystem/v3-ActReason", "MEDPREC")}} }
            """);
        Assert.False(Look(record, "flu-1").Holds);
    }

    [Fact]
    public void Falls_silent_when_the_test_arrives()
    {
        var record = Has(Born("1970-05-05"), "44054006");
        Assert.True(Look(record, "dm-1").IsOffered);

        Assert.False(Look(record.A1c("new", 6.8m, "2026-11-20"), "dm-1").Holds);
    }

    [Theory]
    [InlineData("maria-diabetes", "crc-1", "Stool test for blood, immunochemical: Negative on 2025-02-18")]
    [InlineData("maria-diabetes", "htn-1", "Blood pressure systolic 148 mmHg, diastolic 92 mmHg on 2026-09-02")]
    [InlineData("samir-asthma", "ed-1", "Emergency visit on 2026-09-26")]
    public void Shows_its_evidence_as_one_would_say_it(string person, string rule, string text) => Assert.Contains(text,
        ContentFolder.Decisions[person].Suggestions.Single(suggestion => suggestion.Rule.Code == rule).Used.Select(Personalize.Engine.Record.UsedText.Of));

    [Fact]
    public void Is_silent_in_hospice_care()
    {
        var record = Has(Has(Born("1960-05-05"), "53741008"), "15777000");
        Assert.Equal(["bp-1", "pre-1", "sta-2"], Offered(record, "bp-1", "pre-1", "sta-2"));

        record.Keep($$"""{"resourceType":"Procedure","id":"h","status":"in-progress","code":{{Coded(Snomed, "385763009")}},"subject":{"reference":"Patient/p"},"performedDateTime":"2026-10-01"}""");
        Assert.Empty(Offered(record, "bp-1", "pre-1", "sta-2"));
    }

    private static SuggestionResult Look(TestRecord record, string rule) =>
        record.Look(ContentFolder.Knowledge).Suggestions.Single(suggestion => suggestion.Rule.Code == rule);

    private static IEnumerable<string> Offered(TestRecord record, params string[] rules) => record.Look(ContentFolder.Knowledge).Suggestions
        .Where(suggestion => suggestion.IsOffered && rules.Contains(suggestion.Rule.Code)).Select(suggestion => suggestion.Rule.Code).Order(StringComparer.Ordinal);

    private static TestRecord Born(string day) => new($$"""{"resourceType":"Patient","id":"p","gender":"male","birthDate":"{{day}}"}""");

    private static string Coded(string system, string code) => $$"""{"coding":[{"system":"{{system}}","code":"{{code}}"}]}""";

    private static TestRecord Has(TestRecord record, string code) => record.Keep($$"""
        {"resourceType":"Condition","id":"c{{code}}","code":{{Coded(Snomed, code)}},"subject":{"reference":"Patient/p"},
         "clinicalStatus":{{Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")}} }
        """);

    private static TestRecord Measured(TestRecord record, string code, int value, string unit) => record.Keep($$"""
        {"resourceType":"Observation","id":"o{{code}}","status":"final","code":{{Coded(Loinc, code)}},"subject":{"reference":"Patient/p"},
         "effectiveDateTime":"2026-09-01","valueQuantity":{"value":{{value}},"unit":"{{unit}}"} }
        """);

    private static TestRecord Pressure(TestRecord record, int systolic, int diastolic, string day) => record.Keep($$"""
        {"resourceType":"Observation","id":"bp","status":"final","code":{{Coded(Loinc, "85354-9")}},"subject":{"reference":"Patient/p"},"effectiveDateTime":"{{day}}","component":[
         {"code":{{Coded(Loinc, "8480-6")}},"valueQuantity":{"value":{{systolic}},"unit":"mmHg"} },{"code":{{Coded(Loinc, "8462-4")}},"valueQuantity":{"value":{{diastolic}},"unit":"mmHg"} }]}
        """);

    private static TestRecord Prescribed(TestRecord record, string medicine) => record.Keep($$"""
        {"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","subject":{"reference":"Patient/p"},{{medicine}} }
        """);
}
