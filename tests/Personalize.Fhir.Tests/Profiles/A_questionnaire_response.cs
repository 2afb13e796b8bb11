using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests.Profiles;

public sealed class A_questionnaire_response
{
    private const string Questions = """
        {"resourceType":"Questionnaire","url":"http://a.test/q","status":"active","item":[
          {"linkId":"food","type":"boolean","required":true},
          {"linkId":"what","type":"choice","repeats":true,"answerOption":[{"valueCoding":{"system":"urn:s","code":"a"}},{"valueCoding":{"system":"urn:s","code":"b"}}],
           "enableWhen":[{"question":"food","operator":"=","answerBoolean":true}]},
          {"linkId":"people","type":"integer","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/maxValue","valueInteger":20}]},
          {"linkId":"home","type":"group","item":[{"linkId":"street","type":"string","required":true,"maxLength":5}]},
          {"linkId":"thanks","type":"display"}]}
        """;

    private const string Sound = "{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'home','item':[{'linkId':'street','answer':[{'valueString':'a'}]}]}";

    [Theory]
    [InlineData(Sound, null)]
    [InlineData("{'linkId':'food','answer':[{'valueString':'yes'}]}", "structure item[0].answer[0].value")]
    [InlineData("{'linkId':'food'}", "required item[0]")]
    [InlineData("{'linkId':'people','answer':[{'valueInteger':3}]}", "required item")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true},{'valueBoolean':false}]}", "business-rule item[0]")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'what','answer':[{'valueCoding':{'system':'urn:s','code':'c'}}]}", "code-invalid item[1].answer[0]")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'what','answer':[{'valueCoding':{'system':'urn:s','code':'a'}},{'valueCoding':{'system':'urn:s','code':'b'}}]}", null)]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':false}]},{'linkId':'what','answer':[{'valueCoding':{'system':'urn:s','code':'a'}}]}", "business-rule item[1]")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'people','answer':[{'valueInteger':21}]}", "value item[1].answer[0].value")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'home','item':[{'linkId':'street','answer':[{'valueString':'too long'}]}]}", "too-long item[1].item[0].answer[0].value")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'home'}", "required item[1].item")]
    [InlineData("{'linkId':'home','item':[{'linkId':'street','answer':[{'valueString':'a'}]}]},{'linkId':'food','answer':[{'valueBoolean':true}]}", "structure item[1]")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'street','answer':[{'valueString':'a'}]}", "structure item[1]")]
    [InlineData("{'linkId':'food','answer':[{'valueBoolean':true}]},{'linkId':'thanks','answer':[{'valueString':'a'}]}", "structure item[1]")]
    public void Is_judged_beside_its_questionnaire(string items, string? expected) => Assert.Equal(expected is null ? [] : [expected.Insert(expected.IndexOf(' ', StringComparison.Ordinal) + 1, "QuestionnaireResponse.")], Errors(items, "completed"));

    [Fact]
    public void May_lack_answers_while_it_is_in_progress() => Assert.Empty(Errors("{'linkId':'people','answer':[{'valueInteger':3}]}", "in-progress"));

    [Fact]
    public void Is_told_that_its_questionnaire_is_not_known() =>
        Assert.Contains(Profiled.Issues("{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\",\"questionnaire\":\"http://a.test/other\"}"), i => i is { IsError: false, Code: "not-found", Expression: "QuestionnaireResponse.questionnaire" });

    [Fact]
    public void Finds_its_questionnaire_inside_itself() =>
        Assert.Contains(Profiled.Issues("{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\",\"questionnaire\":\"#q\",\"contained\":[{\"resourceType\":\"Questionnaire\",\"id\":\"q\",\"status\":\"active\",\"item\":[{\"linkId\":\"1\",\"type\":\"date\"}]}],\"item\":[{\"linkId\":\"1\",\"answer\":[{\"valueInteger\":1}]}]}"),
            i => i is { IsError: true, Expression: "QuestionnaireResponse.item[0].answer[0].value" });

    private static IEnumerable<string> Errors(string items, string status)
    {
        var questions = Resource.Parse(Encoding.UTF8.GetBytes(Questions)).Value;
        var response = $"{{'resourceType':'QuestionnaireResponse','status':'{status}','questionnaire':'http://a.test/q|1','item':[{items}]}}".Replace('\'', '"');
        return Validator.Validate(Resource.Parse(Encoding.UTF8.GetBytes(response)).Value, Profiled.Context with { Questionnaire = _ => questions }).Where(i => i.IsError).Select(i => $"{i.Code} {i.Expression}");
    }
}
