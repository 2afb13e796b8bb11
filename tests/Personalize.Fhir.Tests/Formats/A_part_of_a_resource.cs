using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Formats;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests.Formats;

public sealed class A_part_of_a_resource
{
    private const string Tag = """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}""";

    private const string Observation = """
        {"resourceType":"Observation", "id":"o", "text":{"status":"empty","div":"<div/>"}, "contained":[{"resourceType":"Basic"}], "status":"final" , "code":{"text":"x"},"_issued":{"id":"i"}, "valueQuantity":{"value":1.50}, "note":[{"text":"n"}],"referenceRange":[{"text":"r"}]}
        """;

    [Theory]
    [InlineData("true", null, """{"resourceType":"Observation", "id":"o", "status":"final" , "code":{"text":"x"},"_issued":{"id":"i"}, "valueQuantity":{"value":1.50},"meta":{"tag":[TAG]}}""")]
    [InlineData("text", null, """{"resourceType":"Observation", "id":"o", "text":{"status":"empty","div":"<div/>"}, "status":"final" , "code":{"text":"x"},"meta":{"tag":[TAG]}}""")]
    [InlineData("data", null, """{"resourceType":"Observation", "id":"o", "contained":[{"resourceType":"Basic"}], "status":"final" , "code":{"text":"x"},"_issued":{"id":"i"}, "valueQuantity":{"value":1.50}, "note":[{"text":"n"}],"referenceRange":[{"text":"r"}],"meta":{"tag":[TAG]}}""")]
    [InlineData(null, "value", """{"resourceType":"Observation", "id":"o", "status":"final" , "code":{"text":"x"}, "valueQuantity":{"value":1.50},"meta":{"tag":[TAG]}}""")]
    [InlineData(null, "note,Observation.text", """{"resourceType":"Observation", "id":"o", "text":{"status":"empty","div":"<div/>"}, "status":"final" , "code":{"text":"x"}, "note":[{"text":"n"}],"meta":{"tag":[TAG]}}""")]
    public void Bears_what_was_asked_for_as_it_was_written_and_says_that_it_is_a_part(string? summary, string? elements, string expected) =>
        Assert.Equal(expected.Replace("TAG", Tag, StringComparison.Ordinal), Take(Observation, summary, elements).TrimEnd());

    [Fact]
    public void Is_summed_up_at_every_level()
    {
        var patient = """{"resourceType":"Patient","photo":[{"data":"AA==","title":"t"}],"contact":[{"gender":"male"}],"link":[{"other":{"display":"d"},"type":"seealso","extension":[{"url":"u"}]}]}""";
        Assert.Equal("""{"resourceType":"Patient","link":[{"other":{"display":"d"},"type":"seealso"}],"meta":{"tag":[TAG]}}""".Replace("TAG", Tag, StringComparison.Ordinal), Take(patient, "true", null));
    }

    [Theory]
    [InlineData("""{"resourceType":"Basic","meta":{"versionId":"1"},"code":{}}""", """{"resourceType":"Basic","meta":{"versionId":"1","tag":[TAG]},"code":{}}""")]
    [InlineData("""{"resourceType":"Basic","meta":{"tag":[{"code":"x"}]},"code":{}}""", """{"resourceType":"Basic","meta":{"tag":[{"code":"x"},TAG]},"code":{}}""")]
    [InlineData("""{"resourceType":"Basic","meta":{"tag":[TAG]},"code":{}}""", """{"resourceType":"Basic","meta":{"tag":[TAG]},"code":{}}""")]
    public void Is_marked_once(string before, string after) =>
        Assert.Equal(after.Replace("TAG", Tag, StringComparison.Ordinal), Take(before.Replace("TAG", Tag, StringComparison.Ordinal), "data", null));

    [Fact]
    public void Is_the_same_memory_when_all_is_asked_for()
    {
        var resource = Resource.Parse(Encoding.UTF8.GetBytes(Observation)).Value;
        Assert.True(resource.Bytes.Equals(Subset.Of("Observation", "false", null).Value.Take(resource)));
    }

    [Theory]
    [InlineData("some", null)]
    [InlineData("true", "value")]
    [InlineData(null, "nonsense")]
    [InlineData(null, "")]
    public void That_there_is_not_is_refused(string? summary, string? elements) => Assert.IsType<Failure.Invalid>(Subset.Of("Observation", summary, elements).Failure);

    [Fact]
    public void Of_every_official_example_still_reads_and_keeps_what_is_mandatory()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpora.Folder("examples"), "resources"), "*.json"))
        {
            var resource = Resource.Parse(File.ReadAllBytes(file)).Value;
            foreach (var (summary, elements) in new (string?, string?)[] { ("true", null), ("text", null), ("data", null), (null, "id") })
            {
                var part = Resource.Parse(Subset.Of(resource.Type, summary, elements).Value.Take(resource)).Value;
                Assert.True(Subset.IsMarked(part), file);
                Assert.DoesNotContain(Validator.Validate(part), issue => issue.Code == "required" && !Validator.Validate(resource).Any(whole => whole.Code == "required"));
            }
        }
    }

    [Fact]
    public void Stands_on_lines_of_its_own_for_people()
    {
        var tree = JsonTree.Parse("""{"a":[1.0, {}],"b\u0062":{"c":"\u00e9"},"d":[]}"""u8.ToArray()).Value;
        Assert.Equal("{\n  \"a\": [\n    1.0,\n    {}\n  ],\n  \"b\\u0062\": {\n    \"c\": \"\\u00e9\"\n  },\n  \"d\": []\n}", Encoding.UTF8.GetString(JsonLayout.Pretty(tree).Span));
    }

    [Fact]
    public void Or_many_wholes_stand_one_a_line()
    {
        var lines = "{\"resourceType\":\"Basic\"}\r\n\n{\"resourceType\":\"Nonsense\"}\n{\"resourceType\":\"Patient\",\"active\":true}"u8.ToArray();
        var read = Ndjson.Read(lines).ToList();
        Assert.Equal(["Basic", null, "Patient"], read.Select(r => r.Failure is null ? r.Value.Type : null));
        Assert.Equal(3, read[1].Failure!.Issues[0].Line);
        Assert.Equal("{\"resourceType\":\"Basic\"}\n", Encoding.UTF8.GetString(Ndjson.Write([Resource.Parse("{\"resourceType\":\"Basic\"}"u8.ToArray()).Value]).Span));
    }

    private static string Take(string json, string? summary, string? elements)
    {
        var resource = Resource.Parse(Encoding.UTF8.GetBytes(json)).Value;
        return Encoding.UTF8.GetString(Subset.Of(resource.Type, summary, elements).Value.Take(resource).Span);
    }
}
