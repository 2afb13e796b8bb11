using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests.Formats;

public sealed class XML_of_FHIR
{
    private const string Head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

    [Theory]
    [InlineData("""{"resourceType":"Patient","birthDate":"1970","id":"a"}""", """<Patient xmlns="http://hl7.org/fhir"><id value="a" /><birthDate value="1970" /></Patient>""")]
    [InlineData("""{"resourceType":"Patient","name":[{"id":"n","given":["A",null,"C"],"_given":[null,{"extension":[{"url":"u","valueCode":"c"}]},{"id":"g"}]}]}""",
        """<Patient xmlns="http://hl7.org/fhir"><name id="n"><given value="A" /><given><extension url="u"><valueCode value="c" /></extension></given><given id="g" value="C" /></name></Patient>""")]
    [InlineData("""{"resourceType":"Observation","contained":[{"resourceType":"Basic","id":"b"}],"valueQuantity":{"value":1.50E+3}}""",
        """<Observation xmlns="http://hl7.org/fhir"><contained><Basic><id value="b" /></Basic></contained><valueQuantity><value value="1.50E+3" /></valueQuantity></Observation>""")]
    [InlineData("""{"resourceType":"Basic","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a &lt; b <!-- c --> <b>d</b></div>"},"code":{"text":"\"<&\n"}}""",
        """<Basic xmlns="http://hl7.org/fhir"><text><status value="generated" /><div xmlns="http://www.w3.org/1999/xhtml">a &lt; b <!-- c --> <b>d</b></div></text><code><text value="&quot;&lt;&amp;&#xA;" /></code></Basic>""")]
    public void Is_written_in_the_order_of_the_definition_and_comes_back(string json, string xml)
    {
        var written = FhirXml.Write(Read(json)).Value;
        Assert.Equal(Head + xml, Encoding.UTF8.GetString(written.Span));
        Assert.Null(RoundTrip.Fault(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("name[0].family", 2, 9)]
    [InlineData("name[1]", 4, 3)]
    [InlineData("name[1].given[1]", 5, 5)]
    [InlineData("name[1].given[1].extension[0].value", 6, 26)]
    [InlineData("birthDate", 9, 4)]
    [InlineData("contained[0]", 1, 50)]
    [InlineData("contained[0].code", 1, 57)]
    [InlineData("", 1, 2)]
    public void Is_read_with_the_place_of_each_element(string path, int line, int column)
    {
        const string Xml = "<Patient xmlns=\"http://hl7.org/fhir\"><contained><Basic><code/></Basic></contained>\n <name><family value=\"A&amp;B\"/>\n </name>\n <name><given value=\"x\"/>\n   <given>\n     <extension url=\"u\"><valueString value=\"v\"/></extension>\n   </given>\n </name>\n  <birthDate value=\"1970\"/></Patient>";
        var resource = FhirXml.Read(Encoding.UTF8.GetBytes(Xml)).Value;
        var found = path.Length == 0 ? resource.Root : Descendants(resource.Root).First(element => element.Location() == "Patient." + path);
        Assert.Equal((line, column), found.Position());
    }

    private static IEnumerable<Element> Descendants(Element element)
    {
        foreach (var child in element.Children())
            foreach (var found in Descendants(child).Prepend(child))
                yield return found;
    }

    [Fact]
    public void Gives_html_entities_as_characters_and_a_narrative_its_namespace()
    {
        var xml = Encoding.UTF8.GetString(FhirXml.Write(Read("""{"resourceType":"Basic","text":{"status":"generated","div":"<div>a&nbsp;b&eacute;&amp;</div>"}}""")).Value.Span);
        Assert.Contains("<div xmlns=\"http://www.w3.org/1999/xhtml\">a\u00a0bé&amp;</div>", xml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Basic","nonsense":1}""", "Basic")]
    [InlineData("""{"resourceType":"Basic","code":{"text":"a\u0001b"}}""", "Basic.code.text")]
    [InlineData("""{"resourceType":"Basic","text":{"div":"<div><b></div>"}}""", "Basic.text.div")]
    public void Is_not_written_where_something_would_be_lost(string json, string place) =>
        Assert.Equal(place, Assert.IsType<Failure.Unprocessable>(FhirXml.Write(Read(json)).Failure).Issues[0].Expression);

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><!-- a --> <?pi?> <active value=\"true\"/>\n</Patient>", """{"resourceType":"Patient","active":true}""")]
    [InlineData("<f:Patient xmlns:f=\"http://hl7.org/fhir\"><f:active id=\"i\"/></f:Patient>", """{"resourceType":"Patient","_active":{"id":"i"}}""")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\"><name/></Patient>", """{"resourceType":"Patient","name":[{}]}""")]
    [InlineData("<Observation xmlns=\"http://hl7.org/fhir\"><valueInteger value=\"01\"/></Observation>", """{"resourceType":"Observation","valueInteger":"01"}""")]
    public void Is_read(string xml, string json) => Assert.Equal(json, Encoding.UTF8.GetString(FhirXml.Read(Encoding.UTF8.GetBytes(xml)).Value.Bytes.Span));

    [Theory]
    [InlineData("<Patient/>")]
    [InlineData("<Patient xmlns=\"urn:hl7-org:v3\"/>")]
    public void Of_another_namespace_is_told_which_one_is_FHIRs(string xml) =>
        Assert.Contains("http://hl7.org/fhir", FhirXml.Read(Encoding.UTF8.GetBytes(xml)).Failure!.Issues[0].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("<!DOCTYPE Patient><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<!DOCTYPE Patient [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&a;\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><nonsense/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active colour=\"red\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">text</Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><active value=\"true\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name/><active/><name/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained><Basic/><Basic/></contained></Patient>")]
    [InlineData("<Patient/>")]
    [InlineData("<DomainResource xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("")]
    public void Is_refused_with_line_and_column_when_it_is_not_FHIR(string xml)
    {
        var failure = Assert.IsType<Failure.Invalid>(FhirXml.Read(Encoding.UTF8.GetBytes(xml)).Failure);
        Assert.True(failure.Issues[0].Line > 0 || xml.Length == 0 || xml.StartsWith("<!", StringComparison.Ordinal));
    }

    [Fact]
    public void Is_not_read_deeper_than_64_levels()
    {
        var deep = string.Concat(Enumerable.Repeat("<extension url=\"u\">", 10_000)) + string.Concat(Enumerable.Repeat("</extension>", 10_000));
        Assert.IsType<Failure.Invalid>(FhirXml.Read(Encoding.UTF8.GetBytes($"<Patient xmlns=\"http://hl7.org/fhir\">{deep}</Patient>")).Failure);
    }

    private static Resource Read(string json) => Resource.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
