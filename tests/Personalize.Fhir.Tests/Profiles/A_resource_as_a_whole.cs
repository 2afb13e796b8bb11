using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests.Profiles;

public sealed class A_resource_as_a_whole
{
    private const string Core = Profiled.UsCore;
    private const string Race = $"{{'url':'{Core}us-core-race','extension':[{{'url':'text','valueString':'x'}}]}}";

    public static TheoryData<string, string, string?> Places => new()
    {
        // Extensions
        { "an extension where it may stand", $"{{'resourceType':'Patient','extension':[{Race}]}}", null },
        { "an extension elsewhere", $"{{'resourceType':'Location','extension':[{Race}]}}", "extension Location.extension[0]" },
        { "an extension of the wrong type", $"{{'resourceType':'Patient','extension':[{{'url':'{Core}us-core-birthsex','valueString':'F'}}]}}", "structure Patient.extension[0].value" },
        { "an extension without its parts", $"{{'resourceType':'Patient','extension':[{{'url':'{Core}us-core-race','extension':[{{'url':'ombCategory','valueCoding':{{'system':'urn:oid:2.16.840.1.113883.6.238','code':'2106-3'}}}}]}}]}}", "required Patient.extension[0].extension" },
        { "an extension in a data type", "{'resourceType':'Patient','name':[{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/humanname-mothers-family','valueString':'x'}]}]}", "extension Patient.name[0].extension[0]" },
        { "an extension of an id", "{'resourceType':'Patient','id':'a','_id':{'extension':[{'url':'http://x','valueString':'x'}]}}", "extension Patient.id" },
        // References
        { "a reference to another type", "{'resourceType':'Patient','managingOrganization':{'reference':'Patient/1'}}", "structure Patient.managingOrganization" },
        { "a reference that says another type", "{'resourceType':'Observation','status':'final','code':{'text':'x'},'subject':{'reference':'Patient/1','type':'Group'}}", "structure Observation.subject" },
        { "a reference to nothing contained", "{'resourceType':'Patient','managingOrganization':{'reference':'#x'}}", "invariant Patient.managingOrganization" },
        // Codes
        { "a code that its system does not have", "{'resourceType':'Observation','status':'final','category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'nope'}]}],'code':{'text':'x'}}", "code-invalid Observation.category[0].coding[0]" },
        // Profiles that are named
        { "a profile inside a bundle", $"{{'resourceType':'Bundle','type':'collection','entry':[{{'fullUrl':'urn:uuid:c757873d-ec9a-4326-a141-556f43239520','resource':{{'resourceType':'Organization','meta':{{'profile':['{Core}us-core-organization']}},'name':'n'}}}}]}}", "required Bundle.entry[0].resource.active" },
        { "a profile of another version is only pointed out", $"{{'resourceType':'Organization','meta':{{'profile':['{Core}us-core-organization|9.0.0']}},'name':'n'}}", null },
        { "a profile of another type", $"{{'resourceType':'Organization','meta':{{'profile':['{Core}us-core-patient']}},'name':'n'}}", "structure Organization" },
        // Bundles
        { "a link twice", "{'resourceType':'Bundle','type':'searchset','link':[{'relation':'self','url':'urn:a'},{'relation':'self','url':'urn:b'}]}", "business-rule Bundle.link[1]" },
        { "a fullUrl of another id", "{'resourceType':'Bundle','type':'transaction','entry':[{'fullUrl':'http://a.test/Patient/1','resource':{'resourceType':'Patient','id':'2'},'request':{'method':'PUT','url':'Patient/2'}}]}", "value Bundle.entry[0].fullUrl" },
        { "a request for another type", "{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Group'}}]}", "structure Bundle.entry[0].request.url" },
        { "a request for another id", "{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'resourceType':'Patient','id':'1'},'request':{'method':'PUT','url':'Patient/2'}}]}", "value Bundle.entry[0].request.url" },
        { "a PUT without a resource", "{'resourceType':'Bundle','type':'batch','entry':[{'request':{'method':'PUT','url':'Patient/2'}}]}", "required Bundle.entry[0].resource" },
        { "a name that the bundle does not explain", "{'resourceType':'Bundle','type':'transaction','entry':[{'fullUrl':'urn:uuid:c757873d-ec9a-4326-a141-556f43239520','resource':{'resourceType':'Patient','managingOrganization':{'reference':'urn:uuid:c757873d-ec9a-4326-a141-556f43239521'}},'request':{'method':'POST','url':'Patient'}}]}", "not-found Bundle.entry[0].resource.managingOrganization" },
        { "a name that the bundle explains otherwise", "{'resourceType':'Bundle','type':'collection','entry':[{'fullUrl':'http://a.test/Patient/1','resource':{'resourceType':'Patient','id':'1','managingOrganization':{'reference':'Organization/1'}}},{'fullUrl':'http://a.test/Organization/1','resource':{'resourceType':'Location','id':'1'}}]}", "structure Bundle.entry[0].resource.managingOrganization" },
        // Definitions
        { "a canonical that is no URL", "{'resourceType':'ValueSet','url':'own','status':'draft'}", "value ValueSet.url" },
        { "two conditions without a word", "{'resourceType':'Questionnaire','status':'draft','item':[{'linkId':'1','type':'boolean'},{'linkId':'2','type':'string','enableWhen':[{'question':'1','operator':'exists','answerBoolean':true},{'question':'1','operator':'=','answerBoolean':true}]}]}", "required Questionnaire.item[1].enableBehavior" },
        { "a differential of no element", "{'resourceType':'StructureDefinition','url':'http://a.test/b','name':'B','status':'draft','kind':'resource','abstract':false,'type':'Patient','baseDefinition':'http://hl7.org/fhir/StructureDefinition/Patient','derivation':'constraint','differential':{'element':[{'id':'Patient','path':'Patient'},{'id':'Patient.nope','path':'Patient.nope'}]}}", "structure StructureDefinition.differential.element[1].path" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Is_told_where_it_fails(string what, string json, string? expected) =>
        Assert.Equal((what, expected), (what, Profiled.Issues(json.Replace('\'', '"')).Where(i => i.IsError).Select(i => $"{i.Code} {i.Expression}").FirstOrDefault()));

    [Theory]
    [InlineData("vital-signs", "29463-7", "", true)]
    [InlineData("vital-signs", "29463-7", "'meta':{'profile':['http://hl7.org/fhir/StructureDefinition/Observation']},", false)]
    [InlineData("vital-signs", "1-8", "", false)]
    [InlineData("laboratory", "29463-7", "", false)]
    public void Is_reminded_of_the_profile_that_R4_asks_of_a_vital_sign(string category, string code, string meta, bool isReminded)
    {
        var json = $"{{'resourceType':'Observation',{meta}'status':'final','category':[{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'{category}'}}]}}],'code':{{'coding':[{{'system':'http://loinc.org','code':'{code}'}}]}},'effectiveDateTime':'2026-01-01','valueQuantity':{{'value':70,'unit':'kg'}}}}";
        var issues = Profiled.Issues(json.Replace('\'', '"'));
        Assert.DoesNotContain(issues, i => i.IsError);
        string[] expected = isReminded ? ["required Observation.subject", "required Observation.value.code", "required Observation.value.system"] : [];
        Assert.Equal(expected, issues.Where(i => i.Text.Contains("(bodyweight)", StringComparison.Ordinal)).Select(i => $"{i.Code} {i.Expression}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Is_told_once_of_each_thing_that_is_not_known()
    {
        const string Json = "{'resourceType':'Bundle','type':'collection','entry':[{'resource':ONE},{'resource':ONE}]}";
        const string One = "{'resourceType':'Basic','meta':{'profile':['http://a.test/p']},'extension':[{'url':'http://a.test/e','valueString':'x'},{'url':'http://a.test/e','valueString':'y'}],'code':{'coding':[{'system':'http://a.test/s','code':'a'}]}}";
        var warnings = Profiled.Issues(Json.Replace("ONE", One, StringComparison.Ordinal).Replace('\'', '"')).Where(i => i.Severity == IssueSeverity.Warning).ToList();
        Assert.Equal(["Bundle.entry[0].resource.code.coding[0]", "Bundle.entry[0].resource.extension[0]", "Bundle.entry[0].resource.meta.profile[0]"], warnings.Select(i => i.Expression).Order(StringComparer.Ordinal));
        Assert.All(warnings, i => Assert.Equal("not-found", i.Code));
    }

    [Fact]
    public void Is_judged_more_strictly_when_that_is_asked_for()
    {
        const string Json = "{'resourceType':'Endpoint','status':'active','connectionType':{'code':'x'},'payloadType':[{'text':'x'}],'address':'http://fhir.example.org','extension':[{'url':'http://a.test/e','valueMarkdown':'a <b>c</b>'}]}";
        var context = Profiled.Context with { Strictness = new(KnownExtensionsOnly: true, NoExampleAddresses: true, NoHtmlInMarkdown: true), Warnings = false };
        var errors = Validator.Validate(Resource.Parse(Encoding.UTF8.GetBytes(Json.Replace('\'', '"'))).Value, context).Where(i => i.IsError);
        Assert.Equal(["Endpoint.address", "Endpoint.extension[0]", "Endpoint.extension[0].value"], errors.Select(i => i.Expression).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Profiled.Issues(Json.Replace('\'', '"')), i => i.IsError);
    }

    [Theory]
    [InlineData(ValidationMode.Create, 1)]
    [InlineData(ValidationMode.Update, 2)]
    [InlineData(ValidationMode.Delete, 0)]
    public void Is_judged_for_what_is_to_be_done_with_it(ValidationMode mode, int errors) =>
        Assert.Equal(errors, Validator.Validate(Resource.Parse("{\"resourceType\":\"Patient\",\"gender\":\"x\"}"u8.ToArray()).Value, Profiled.Context with { Mode = mode }).Count(i => i.IsError));

    [Fact]
    public void Must_keep_a_profile_that_somebody_can_name() =>
        Assert.Contains(Profiled.Issues("{\"resourceType\":\"Patient\"}", "http://a.test/p"), i => i is { IsError: true, Code: "not-found", Expression: "Patient" });
}
