using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests;

public sealed class A_resource_that_breaks_the_rules
{
    private const string Patient = "{\"resourceType\":\"Patient\",";

    public static TheoryData<string, string, string> Structure => new()
    {
        { Patient + "\"nmae\":[]}", "structure", "Patient.nmae" },
        { Patient + "\"name\":[{\"first\":\"x\"}]}", "structure", "Patient.name[0].first" },
        { Patient + "\"stranger with spaces\":1}", "structure", "Patient.$unknown" },
        { Patient + "\"resourceType2\":\"x\"}", "structure", "Patient.resourceType2" },
        { Patient + "\"name\":[{\"resourceType\":\"HumanName\"}]}", "structure", "Patient.name[0].resourceType" },
        { Patient + "\"valueString\":\"x\"}", "structure", "Patient.valueString" },
        { Patient + "\"_name\":[{\"id\":\"a\"}]}", "structure", "Patient.name" },
        { Patient + "\"name\":{\"family\":\"x\"}}", "structure", "Patient.name" },
        { Patient + "\"name\":\"x\"}", "structure", "Patient.name" },
        { Patient + "\"name\":[\"x\"]}", "structure", "Patient.name[0]" },
        { Patient + "\"name\":[[{\"family\":\"x\"}]]}", "structure", "Patient.name[0]" },
        { Patient + "\"name\":[]}", "structure", "Patient.name" },
        { Patient + "\"name\":[{}]}", "structure", "Patient.name[0]" },
        { Patient + "\"name\":[null]}", "structure", "Patient.name[0]" },
        { Patient + "\"name\":null}", "structure", "Patient.name" },
        { Patient + "\"birthDate\":null}", "structure", "Patient.birthDate" },
        { Patient + "\"birthDate\":[\"2020\"]}", "structure", "Patient.birthDate" },
        { Patient + "\"birthDate\":{\"value\":\"2020\"}}", "structure", "Patient.birthDate" },
        { Patient + "\"birthDate\":2020}", "structure", "Patient.birthDate" },
        { Patient + "\"active\":\"true\"}", "structure", "Patient.active" },
        { Patient + "\"active\":1}", "structure", "Patient.active" },
        { Patient + "\"multipleBirthInteger\":\"2\"}", "structure", "Patient.multipleBirth" },
        { Patient + "\"deceasedBoolean\":true,\"deceasedDateTime\":\"2020\"}", "structure", "Patient.deceased" },
        { Patient + "\"deceasedString\":\"x\"}", "structure", "Patient.deceasedString" },
        { Patient + "\"_birthDate\":\"x\"}", "structure", "Patient.birthDate" },
        { Patient + "\"_birthDate\":{}}", "structure", "Patient.birthDate" },
        { Patient + "\"_birthDate\":{\"value\":\"x\"}}", "structure", "Patient.birthDate.value" },
        { Patient + "\"name\":[{\"given\":[\"a\",null]}]}", "structure", "Patient.name[0].given[1]" },
        { Patient + "\"name\":[{\"given\":[null],\"_given\":[null]}]}", "structure", "Patient.name[0].given[0]" },
        { Patient + "\"name\":[{\"given\":[\"a\"],\"_given\":{\"id\":\"x\"}}]}", "structure", "Patient.name[0].given" },
        { Patient + "\"name\":[{\"given\":[\"a\"],\"_given\":[null,{\"id\":\"x\"}]}]}", "structure", "Patient.name[0].given[1]" },
        { Patient + "\"name\":[{\"given\":[\"a\",\"b\"],\"_given\":[{\"id\":\"x\"}]}]}", "structure", "Patient.name[0].given[1]" },
        { Patient + "\"contained\":[{\"id\":\"a\"}]}", "structure", "Patient.contained[0]" },
        { Patient + "\"contained\":[{\"resourceType\":\"Unicorn\"}]}", "structure", "Patient.contained[0]" },
        { Patient + "\"contained\":[{\"resourceType\":\"Patient\",\"x\":1}]}", "structure", "Patient.contained[0].x" },
        { "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"active\":0}}]}", "structure", "Bundle.entry[0].resource.active" },
        { Patient + "\"extension\":[{\"url\":\"x\",\"valueQuantity\":3}]}", "structure", "Patient.extension[0].value" },
    };

    public static TheoryData<string, string> Syntax => new()
    {
        { "\"id\":\"a b\"", "Patient.id" },
        { "\"id\":\"\"", "Patient.id" },
        { "\"id\":\"" + new string('a', 65) + "\"", "Patient.id" },
        { "\"birthDate\":\"2020-13\"", "Patient.birthDate" },
        { "\"birthDate\":\"2020-02-30\"", "Patient.birthDate" },
        { "\"birthDate\":\"2021-02-29\"", "Patient.birthDate" },
        { "\"birthDate\":\"20-02-03\"", "Patient.birthDate" },
        { "\"birthDate\":\"0000\"", "Patient.birthDate" },
        { "\"birthDate\":\"2020-01-01T00:00:00Z\"", "Patient.birthDate" },
        { "\"deceasedDateTime\":\"2020-01-01T10:00:00\"", "Patient.deceased" },
        { "\"deceasedDateTime\":\"2020-01-01T10:00Z\"", "Patient.deceased" },
        { "\"deceasedDateTime\":\"2020-01-01T24:00:00Z\"", "Patient.deceased" },
        { "\"deceasedDateTime\":\"2020-01-01T10:00:00.Z\"", "Patient.deceased" },
        { "\"deceasedDateTime\":\"2020-01-01T10:00:00+15:00\"", "Patient.deceased" },
        { "\"deceasedDateTime\":\"2020-01-01 10:00:00Z\"", "Patient.deceased" },
        { "\"meta\":{\"lastUpdated\":\"2020-01-01\"}", "Patient.meta.lastUpdated" },
        { "\"meta\":{\"profile\":[\"a b\"]}", "Patient.meta.profile[0]" },
        { "\"gender\":\" male\"", "Patient.gender" },
        { "\"gender\":\"ma  le\"", "Patient.gender" },
        { "\"multipleBirthInteger\":1.0", "Patient.multipleBirth" },
        { "\"multipleBirthInteger\":1e1", "Patient.multipleBirth" },
        { "\"multipleBirthInteger\":2147483648", "Patient.multipleBirth" },
        { "\"multipleBirthInteger\":-0", "Patient.multipleBirth" },
        { "\"telecom\":[{\"rank\":0}]", "Patient.telecom[0].rank" },
        { "\"telecom\":[{\"value\":\"\"}]", "Patient.telecom[0].value" },
        { "\"telecom\":[{\"value\":\"a\\u0000b\"}]", "Patient.telecom[0].value" },
        { "\"photo\":[{\"size\":-1}]", "Patient.photo[0].size" },
        { "\"photo\":[{\"data\":\"abc\"}]", "Patient.photo[0].data" },
        { "\"photo\":[{\"data\":\"ab!=\"}]", "Patient.photo[0].data" },
        { "\"text\":{\"status\":\"empty\",\"div\":\"plain\"}", "Patient.text.div" },
        { "\"extension\":[{\"url\":\"x\",\"valueOid\":\"urn:oid:1.02\"}]", "Patient.extension[0].value" },
        { "\"extension\":[{\"url\":\"x\",\"valueOid\":\"1.2.3\"}]", "Patient.extension[0].value" },
        { "\"extension\":[{\"url\":\"x\",\"valueUuid\":\"urn:uuid:1\"}]", "Patient.extension[0].value" },
        { "\"extension\":[{\"url\":\"x\",\"valueUuid\":\"urn:uuid:C757873D-EC9A-4326-A141-556F43239520\"}]", "Patient.extension[0].value" },
        { "\"extension\":[{\"url\":\"x\",\"valueTime\":\"10:00\"}]", "Patient.extension[0].value" },
        { "\"extension\":[{\"url\":\"x y\"}]", "Patient.extension[0].url" },
    };

    public static TheoryData<string, string, string> Rules => new()
    {
        { "{\"resourceType\":\"Observation\",\"code\":{\"text\":\"x\"}}", "required", "Observation.status" },
        { "{\"resourceType\":\"Observation\",\"status\":\"final\"}", "required", "Observation.code" },
        { "{\"resourceType\":\"Observation\",\"status\":\"done\",\"code\":{\"text\":\"x\"}}", "code-invalid", "Observation.status" },
        { Patient + "\"gender\":\"m\"}", "code-invalid", "Patient.gender" },
        { Patient + "\"gender\":\"\\u006d\"}", "code-invalid", "Patient.gender" },
        { Patient + "\"communication\":[{\"preferred\":true}]}", "required", "Patient.communication[0].language" },
        { Patient + "\"link\":[{\"type\":\"seealso\"}]}", "required", "Patient.link[0].other" },
        { Patient + "\"extension\":[{\"valueString\":\"x\"}]}", "required", "Patient.extension[0].url" },
        { Patient + "\"text\":{\"div\":\"<div>x</div>\"}}", "required", "Patient.text.status" },
        { Patient + "\"photo\":[{\"contentType\":\"png\"}]}", "code-invalid", "Patient.photo[0].contentType" },
        { Patient + "\"contact\":[{\"gender\":\"x\"}]}", "code-invalid", "Patient.contact[0].gender" },
        { "{\"resourceType\":\"AllergyIntolerance\",\"patient\":{\"reference\":\"Patient/1\"},\"clinicalStatus\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical\",\"code\":\"gone\"}]}}", "code-invalid", "AllergyIntolerance.clinicalStatus" },
        { "{\"resourceType\":\"AllergyIntolerance\",\"patient\":{\"reference\":\"Patient/1\"},\"clinicalStatus\":{\"text\":\"gone\"}}", "code-invalid", "AllergyIntolerance.clinicalStatus" },
    };

    [Theory]
    [MemberData(nameof(Structure))]
    public void Is_invalid_when_its_structure_is_wrong(string json, string code, string place) => Assert.IsType<Failure.Invalid>(Refused(json, code, place));

    [Theory]
    [MemberData(nameof(Syntax))]
    public void Is_invalid_when_a_value_has_the_wrong_form(string element, string place) => Assert.IsType<Failure.Invalid>(Refused(Patient + element + "}", "value", place));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Is_unprocessable_when_an_element_lacks_or_a_code_is_outside(string json, string code, string place) => Assert.IsType<Failure.Unprocessable>(Refused(json, code, place));

    [Theory]
    [InlineData("ext-1", "Patient.extension[0]", Patient + "\"extension\":[{\"url\":\"x\"}]}")]
    [InlineData("ext-1", "Patient.birthDate.extension[0]", Patient + "\"_birthDate\":{\"extension\":[{\"url\":\"x\"}]}}")]
    [InlineData("pat-1", "Patient.contact[0]", Patient + "\"contact\":[{\"gender\":\"male\"}]}")]
    [InlineData("dom-2", "Patient", Patient + "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"a\",\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"b\"}]}],\"link\":[{\"other\":{\"reference\":\"#a\"},\"type\":\"refer\"}]}")]
    [InlineData("per-1", "Patient.name[0].period", Patient + "\"name\":[{\"period\":{\"start\":\"2021\",\"end\":\"2020\"}}]}")]
    [InlineData("cpt-2", "Patient.telecom[0]", Patient + "\"telecom\":[{\"value\":\"x\"}]}")]
    [InlineData("qty-3", "Observation.value", "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueQuantity\":{\"code\":\"kg\"}}")]
    [InlineData("obs-6", "Observation", "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueString\":\"x\",\"dataAbsentReason\":{\"text\":\"y\"}}")]
    public void Is_unprocessable_when_a_constraint_does_not_hold(string key, string place, string json)
    {
        var context = new FhirPathContext(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var failure = Assert.IsType<Failure.Unprocessable>(Validator.Check(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value, context).Failure);
        Assert.Contains(failure.Issues, i => i.Code == "invariant" && i.Expression == place && i.Text.Contains($" {key} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Patient + "\"_birthDate\":{\"extension\":[{\"url\":\"http://x\",\"valueCode\":\"unknown\"}]}}")]
    [InlineData(Patient + "\"name\":[{\"given\":[null,\"b\"],\"_given\":[{\"id\":\"a\"},null]}]}")]
    [InlineData(Patient + "\"birthDate\":\"2020-02-29\",\"deceasedDateTime\":\"2024-02-29T23:59:59.123456+14:00\"}")]
    [InlineData(Patient + "\"photo\":[{\"data\":\"YWJj\\r\\nZGVm\",\"contentType\":\"image/png\"}]}")]
    [InlineData(Patient + "\"extension\":[{\"url\":\"x\",\"valueDecimal\":-1.50e-3},{\"url\":\"y\",\"valueUuid\":\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\"},{\"url\":\"z\",\"valueOid\":\"urn:oid:2.16.840.1\"}]}")]
    [InlineData(Patient + "\"managingOrganization\":{\"reference\":\"Patient/1\"}}")]
    public void Is_not_one_of_these(string json) => Assert.Empty(Validator.Validate(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value));

    [Fact]
    public void Is_told_the_line_and_column_of_each_finding()
    {
        var issues = Validator.Validate(Resource.Parse("{\"resourceType\":\"Patient\",\n \"active\":1,\n \"name\":[{\n  \"nope\":2}]}"u8.ToArray()).Value);
        Assert.Equal([(2, 11), (4, 10)], issues.Select(i => (i.Line, i.Column)));
    }

    [Fact]
    public void Is_told_no_more_than_a_hundred_findings()
    {
        var json = Patient + "\"name\":[" + string.Join(',', Enumerable.Repeat("{}", 5000)) + "]}";
        Assert.Equal(100, Validator.Validate(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value).Length);
    }

    private static Failure Refused(string json, string code, string place)
    {
        var failure = Validator.Check(Resource.Parse(Encoding.UTF8.GetBytes(json)).Value).Failure;
        Assert.NotNull(failure);
        var issue = Assert.Single(failure.Issues);
        Assert.Equal((code, place), (issue.Code, issue.Expression));
        Assert.True(issue is { Line: > 0, Column: > 0 });
        return failure;
    }
}
