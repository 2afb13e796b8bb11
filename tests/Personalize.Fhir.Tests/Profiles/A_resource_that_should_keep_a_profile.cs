using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Validation;
using Personalize.Fhir.Validation.Profiles;

namespace Personalize.Fhir.Tests.Profiles;

/// <summary>Small profiles, each for one kind of rule, as differentials over R4.</summary>
public sealed class A_resource_that_should_keep_a_profile
{
    private const string Url = "https://example.test/StructureDefinition/own";
    private const string Observed = "\"status\":\"final\",\"code\":{\"text\":\"x\"}";

    public static TheoryData<string, string, string, string?> Rules => new()
    {
        { "cardinality", "Patient|{'path':'Patient.birthDate','min':1}", "{}", "required Patient.birthDate" },
        { "cardinality below", "Patient|{'path':'Patient.name.family','min':1}", "{'name':[{'family':'a'},{'text':'b'}]}", "required Patient.name[1].family" },
        { "nothing above, nothing below", "Patient|{'path':'Patient.contact.name','min':1}", "{}", null },
        { "prohibition", "Patient|{'path':'Patient.photo','max':'0'}", "{'photo':[{'title':'a'}]}", "business-rule Patient.photo" },
        { "type of a choice", "Observation|{'path':'Observation.value[x]','type':[{'code':'Quantity'}]}", "{" + Observed + ",'valueString':'a'}", "structure Observation.value" },
        { "shorthand of a choice", "Observation|{'path':'Observation.valueQuantity','min':1}", "{" + Observed + ",'valueString':'a'}", "required Observation.value" },
        { "shorthand below a choice", "Observation|{'path':'Observation.valueQuantity.code','min':1}", "{" + Observed + ",'valueQuantity':{'value':1}}", "required Observation.value.code" },
        { "fixed primitive", "Patient|{'path':'Patient.active','fixedBoolean':true}", "{'active':false}", "value Patient.active" },
        { "fixed complex has no more", "Patient|{'path':'Patient.maritalStatus','fixedCodeableConcept':{'text':'a'}}", "{'maritalStatus':{'text':'a','id':'x'}}", "value Patient.maritalStatus.id" },
        { "pattern is kept with more", "Patient|{'path':'Patient.maritalStatus','patternCodeableConcept':{'coding':[{'code':'M'}]}}", "{'maritalStatus':{'coding':[{'code':'S'},{'system':'urn:s','code':'M'}]}}", null },
        { "pattern is missed", "Patient|{'path':'Patient.maritalStatus','patternCodeableConcept':{'coding':[{'code':'M'}]}}", "{'maritalStatus':{'coding':[{'code':'S'}]}}", "value Patient.maritalStatus.coding" },
        { "binding", "Patient|{'path':'Patient.name.use','binding':{'strength':'required','valueSet':'http://hl7.org/fhir/ValueSet/administrative-gender'}}", "{'name':[{'use':'usual'}]}", "code-invalid Patient.name[0].use" },
        { "constraint", "Patient|{'path':'Patient','constraint':[{'key':'own-1','severity':'error','human':'x','expression':'name.count() < 2'}]}", "{'name':[{'text':'a'},{'text':'b'}]}", "invariant Patient" },
        { "constraint of a conformance", "Patient|{'path':'Patient.contained','constraint':[{'key':'own-2','severity':'error','human':'x','expression':\"conformsTo('http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization')\"}]}",
            "{'managingOrganization':{'reference':'#o'},'contained':[{'resourceType':'Organization','id':'o','name':'n'}]}", "invariant Patient.contained[0]" },
        { "least date", "Patient|{'path':'Patient.birthDate','minValueDate':'1900-01-01'}", "{'birthDate':'1899-12-31'}", "value Patient.birthDate" },
        { "greatest quantity in other units", "Observation|{'path':'Observation.valueQuantity','maxValueQuantity':{'value':1,'system':'http://unitsofmeasure.org','code':'kg'}}", "{" + Observed + ",'valueQuantity':{'value':2000,'system':'http://unitsofmeasure.org','code':'g'}}", "value Observation.value" },
        { "longest text", "Patient|{'path':'Patient.name.family','maxLength':3}", "{'name':[{'family':'abcd'}]}", "too-long Patient.name[0].family" },
        { "reference target", "Observation|{'path':'Observation.subject','type':[{'code':'Reference','targetProfile':['http://hl7.org/fhir/StructureDefinition/Patient']}]}", "{" + Observed + ",'subject':{'reference':'Group/1'}}", "structure Observation.subject" },
        { "target that is at hand keeps its profile", "Observation|{'path':'Observation.subject','type':[{'code':'Reference','targetProfile':['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient']}]}",
            "{" + Observed + ",'subject':{'reference':'#p'},'contained':[{'resourceType':'Patient','id':'p'}]}", "structure Observation.subject" },
        { "content of another element", "Questionnaire|{'path':'Questionnaire.item.prefix','min':1}", "{'status':'draft','item':[{'linkId':'1','type':'group','prefix':'a','item':[{'linkId':'2','type':'string'}]}]}", "required Questionnaire.item[0].item[0].prefix" },
        { "profile of a type", "Observation|{'path':'Observation.valueQuantity','type':[{'code':'Quantity','profile':['http://hl7.org/fhir/StructureDefinition/SimpleQuantity']}]}", "{" + Observed + ",'valueQuantity':{'value':1,'comparator':'<'}}", "invariant Observation.value; business-rule Observation.value.comparator" },
    };

    public static TheoryData<string, string, string, string?> Slices => new()
    {
        { "value", Sliced("{'type':'value','path':'system'}") + ",{'id':'Patient.identifier:mrn','path':'Patient.identifier','sliceName':'mrn','min':1},{'id':'Patient.identifier:mrn.system','path':'Patient.identifier.system','fixedUri':'urn:mrn'}",
            "{'identifier':[{'system':'urn:other','value':'1'}]}", "required Patient.identifier" },
        { "rules of a slice", Sliced("{'type':'value','path':'system'}") + ",{'id':'Patient.identifier:mrn','path':'Patient.identifier','sliceName':'mrn'},{'id':'Patient.identifier:mrn.system','path':'Patient.identifier.system','fixedUri':'urn:mrn'},{'id':'Patient.identifier:mrn.value','path':'Patient.identifier.value','min':1}",
            "{'identifier':[{'system':'urn:other'},{'system':'urn:mrn'}]}", "required Patient.identifier[1].value" },
        { "closed", Sliced("{'type':'value','path':'system'}", "closed") + ",{'id':'Patient.identifier:mrn','path':'Patient.identifier','sliceName':'mrn'},{'id':'Patient.identifier:mrn.system','path':'Patient.identifier.system','fixedUri':'urn:mrn'}",
            "{'identifier':[{'system':'urn:mrn'},{'system':'urn:other'}]}", "structure Patient.identifier[1]" },
        { "open at the end", Sliced("{'type':'value','path':'system'}", "openAtEnd") + ",{'id':'Patient.identifier:mrn','path':'Patient.identifier','sliceName':'mrn'},{'id':'Patient.identifier:mrn.system','path':'Patient.identifier.system','fixedUri':'urn:mrn'}",
            "{'identifier':[{'system':'urn:other'},{'system':'urn:mrn'}]}", "structure Patient.identifier[1]" },
        { "ordered", Sliced("{'type':'value','path':'system'}", "open", true) + ",{'id':'Patient.identifier:a','path':'Patient.identifier','sliceName':'a'},{'id':'Patient.identifier:a.system','path':'Patient.identifier.system','fixedUri':'urn:a'},{'id':'Patient.identifier:b','path':'Patient.identifier','sliceName':'b'},{'id':'Patient.identifier:b.system','path':'Patient.identifier.system','fixedUri':'urn:b'}",
            "{'identifier':[{'system':'urn:b'},{'system':'urn:a'}]}", "structure Patient.identifier[1]" },
        { "exists", Sliced("{'type':'exists','path':'period'}") + ",{'id':'Patient.identifier:dated','path':'Patient.identifier','sliceName':'dated','max':'1'},{'id':'Patient.identifier:dated.period','path':'Patient.identifier.period','min':1}",
            "{'identifier':[{'period':{'start':'2020'}},{'value':'1'},{'period':{'start':'2021'}}]}", "business-rule Patient.identifier" },
        { "pattern of this", Sliced("{'type':'pattern','path':'$this'}") + ",{'id':'Patient.identifier:old','path':'Patient.identifier','sliceName':'old','max':'1','patternIdentifier':{'use':'old'}}",
            "{'identifier':[{'use':'old','value':'1'},{'use':'old','value':'2'}]}", "business-rule Patient.identifier" },
        { "type", "Observation|{'path':'Observation.value[x]','slicing':{'discriminator':[{'type':'type','path':'$this'}],'rules':'open'}},{'id':'Observation.value[x]:valueCodeableConcept','path':'Observation.value[x]','sliceName':'valueCodeableConcept','type':[{'code':'CodeableConcept'}]},{'id':'Observation.value[x]:valueCodeableConcept.coding','path':'Observation.value[x].coding','min':1}",
            "{" + Observed + ",'valueCodeableConcept':{'text':'x'}}", "required Observation.value.coding" },
        { "type of what is named", "Observation|{'path':'Observation.performer','slicing':{'discriminator':[{'type':'type','path':'resolve()'}],'rules':'open'}},{'id':'Observation.performer:doctor','path':'Observation.performer','sliceName':'doctor','min':1,'type':[{'code':'Reference','targetProfile':['http://hl7.org/fhir/StructureDefinition/Practitioner']}]}",
            "{" + Observed + ",'performer':[{'reference':'Organization/1'}]}", "required Observation.performer" },
        { "profile", "Patient|{'path':'Patient.contained','slicing':{'discriminator':[{'type':'profile','path':'$this'}],'rules':'open'}},{'id':'Patient.contained:org','path':'Patient.contained','sliceName':'org','min':1,'type':[{'code':'Organization','profile':['http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization']}]}",
            "{'managingOrganization':{'reference':'#o'},'contained':[{'resourceType':'Organization','id':'o','name':'n'}]}", "required Patient.contained" },
        { "slices of a slice", Sliced("{'type':'value','path':'use'}") + ",{'id':'Patient.identifier:old','path':'Patient.identifier','sliceName':'old','slicing':{'discriminator':[{'type':'value','path':'system'}],'rules':'closed'}},{'id':'Patient.identifier:old.use','path':'Patient.identifier.use','fixedCode':'old'},{'id':'Patient.identifier:old/a','path':'Patient.identifier','sliceName':'old/a'},{'id':'Patient.identifier:old/a.system','path':'Patient.identifier.system','fixedUri':'urn:a'}",
            "{'identifier':[{'use':'usual','system':'urn:x'},{'use':'old','system':'urn:a'},{'use':'old','system':'urn:b'}]}", "structure Patient.identifier[2]" },
        { "extension by its url", "Patient|{'path':'Patient.extension','slicing':{'discriminator':[{'type':'value','path':'url'}],'rules':'open'}},{'id':'Patient.extension:sex','path':'Patient.extension','sliceName':'sex','min':1,'type':[{'code':'Extension','profile':['http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex']}]}",
            "{'extension':[{'url':'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race','extension':[{'url':'text','valueString':'x'}]}]}", "required Patient.extension" },
        { "sliced by its value, all there", Sliced("{'type':'value','path':'system'}", "closed") + ",{'id':'Patient.identifier:mrn','path':'Patient.identifier','sliceName':'mrn','min':1},{'id':'Patient.identifier:mrn.system','path':'Patient.identifier.system','fixedUri':'urn:mrn'}",
            "{'identifier':[{'system':'urn:mrn'}]}", null },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    [MemberData(nameof(Slices))]
    public void Is_told_where_it_does_not(string rule, string profile, string instance, string? expected)
    {
        var (type, elements) = (profile[..profile.IndexOf('|', StringComparison.Ordinal)], profile[(profile.IndexOf('|', StringComparison.Ordinal) + 1)..]);
        var definition = $"{{'resourceType':'StructureDefinition','url':'{Url}','type':'{type}','derivation':'constraint','baseDefinition':'http://hl7.org/fhir/StructureDefinition/{type}','differential':{{'element':[{elements}]}}}}";
        var resource = $"{{'resourceType':'{type}'{(instance == "{}" ? "" : ",")}{instance[1..]}";
        var catalog = ProfileCatalog.UsCore.With([JsonTree.Parse(Bytes(definition)).Value]);
        var errors = Validator.Validate(Resource.Parse(Bytes(resource)).Value, Profiled.Context with { Profiles = catalog }, Url)
            .Where(i => i.IsError).Select(i => $"{i.Code} {i.Expression}");
        Assert.Equal((rule, expected ?? ""), (rule, string.Join("; ", errors)));
    }

    [Theory]
    [InlineData("8480-6", "8462-4", "")]
    [InlineData("8480-6", "8480-6", "business-rule Observation.component; required Observation.component")]
    public void Is_sliced_by_codes_that_slices_of_the_slices_say(string first, string second, string expected)
    {
        static string Part(string code) => $"{{'code':{{'coding':[{{'system':'urn:own','code':'x'}},{{'system':'http://loinc.org','code':'{code}'}}]}},'valueQuantity':{{'value':1,'unit':'mmHg','system':'http://unitsofmeasure.org','code':'mm[Hg]'}}}}";
        var pressure = $"{{'resourceType':'Observation','status':'final','category':[{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'vital-signs'}}]}}],'code':{{'coding':[{{'system':'http://loinc.org','code':'85354-9'}}]}},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'2026-01-01','component':[{Part(first)},{Part(second)}]}}";
        var errors = Profiled.Errors(Bytes(pressure), "http://hl7.org/fhir/StructureDefinition/bp").Select(i => $"{i.Code} {i.Expression}");
        Assert.Equal(expected, string.Join("; ", errors));
    }

    [Fact]
    public void Is_judged_by_the_base_of_the_profile_too()
    {
        const string Base = "{'resourceType':'StructureDefinition','url':'https://example.test/StructureDefinition/base','type':'Patient','derivation':'constraint','baseDefinition':'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient','differential':{'element':[{'path':'Patient.birthDate','min':1},{'path':'Patient.name','max':'2'}]}}";
        const string Own = "{'resourceType':'StructureDefinition','url':'https://example.test/StructureDefinition/own','type':'Patient','derivation':'constraint','baseDefinition':'https://example.test/StructureDefinition/base','differential':{'element':[{'path':'Patient.name','max':'1'}]}}";
        var catalog = ProfileCatalog.UsCore.With([JsonTree.Parse(Bytes(Own)).Value, JsonTree.Parse(Bytes(Base)).Value]);
        var issues = Validator.Validate(Resource.Parse("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"a\"},{\"family\":\"b\"}]}"u8.ToArray()).Value, Profiled.Context with { Profiles = catalog }, Url);
        Assert.Equal(["Patient.birthDate", "Patient.gender", "Patient.identifier", "Patient.name"], issues.Where(i => i.IsError).Select(i => i.Expression).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Is_told_that_the_base_of_the_profile_is_not_known()
    {
        const string Own = "{'resourceType':'StructureDefinition','url':'https://example.test/StructureDefinition/own','type':'Patient','derivation':'constraint','baseDefinition':'https://example.test/StructureDefinition/nowhere','differential':{'element':[{'path':'Patient.name','min':1}]}}";
        var context = Profiled.Context with { Profiles = ProfileCatalog.UsCore.With([JsonTree.Parse(Bytes(Own)).Value]) };
        var issues = Validator.Validate(Resource.Parse("{\"resourceType\":\"Patient\"}"u8.ToArray()).Value, context, Url);
        Assert.Equal(["required Patient.name", "not-found Patient"], issues.Where(i => i.Code is "required" or "not-found").OrderByDescending(i => i.Severity).Select(i => $"{i.Code} {i.Expression}"));
    }

    private static string Sliced(string discriminator, string rules = "open", bool ordered = false) =>
        $"Patient|{{'path':'Patient.identifier','slicing':{{'discriminator':[{discriminator}],'rules':'{rules}','ordered':{(ordered ? "true" : "false")}}}}}";

    // Double quotes inside an expression stay as they are written with a backslash.
    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json.Contains("conformsTo", StringComparison.Ordinal)
        ? json.Replace("\"conformsTo('", "\u0001", StringComparison.Ordinal).Replace("')\"", "\u0002", StringComparison.Ordinal).Replace('\'', '"').Replace("\u0001", "\"conformsTo('", StringComparison.Ordinal).Replace("\u0002", "')\"", StringComparison.Ordinal)
        : json.Replace('\'', '"'));
}
