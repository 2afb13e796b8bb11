using System.Text;
using Personalize.Server.Verbs;

namespace Personalize.Server.Tests.Verbs;

public sealed class Evaluating : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Given(string name, string content)
    {
        var file = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    private static (int Code, string Output, string Errors) Run(string expression, string[] paths, bool isLenient = false, string input = "")
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = new FhirPathVerb(new(expression, paths, isLenient), output, errors).Run(TimeProvider.System, () => new MemoryStream(Encoding.UTF8.GetBytes(input)));
        return (code, output.ToString(), errors.ToString());
    }

    private string Patient => Given("p.json", "{\n  \"resourceType\": \"Patient\",\n  \"name\": [{\"given\": [\"Ana\",\n    \"Li\"]}]\n}");

    [Fact]
    public void Prints_each_value_with_its_place() =>
        Assert.Equal((0, $"{_folder.At("p.json")}:3:23 Patient.name[0].given[0] string Ana\n{_folder.At("p.json")}:4:5 Patient.name[0].given[1] string Li\n", ""), Run("name.given", [Patient]));

    [Fact]
    public void Prints_a_made_value_with_its_file() => Assert.Equal((0, $"{_folder.At("p.json")} integer 2\n", ""), Run("name.given.count()", [Patient]));

    [Fact]
    public void Prints_an_element_on_one_line() => Assert.EndsWith("HumanName {\"given\":[\"Ana\",\"Li\"]}\n", Run("name", [Patient]).Output, StringComparison.Ordinal);

    [Fact]
    public void Reads_the_standard_input_line_by_line() =>
        Assert.Equal((0, "-:1:32 Patient.id id a\n-:3:32 Patient.id id b\n", ""),
            Run("id", ["-"], input: "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n{\"resourceType\":\"Patient\",\"id\":\"b\"}\n"));

    [Fact]
    public void Reads_XML_and_names_its_lines()
    {
        const string Xml = "<Patient xmlns=\"http://hl7.org/fhir\">\n  <gender value=\"male\"/></Patient>";
        Assert.Equal((0, $"{_folder.At("p.xml")}:2:4 Patient.gender code male\n", ""), Run("gender", [Given("p.xml", Xml)]));
        Assert.Equal((0, "-:2:4 Patient.gender code male\n", ""), Run("gender", ["-"], input: Xml));
    }

    [Fact]
    public void Knows_US_Core() =>
        Assert.EndsWith(" boolean false\n", Run("conformsTo('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient')", [Patient]).Output, StringComparison.Ordinal);

    [Fact]
    public void Goes_through_folders_and_leaves_out_types_that_are_not_meant()
    {
        Given("in/a.json", "{\"resourceType\":\"Organization\",\"name\":\"x\"}");
        Given("in/b.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n");
        var (code, output, errors) = Run("Patient.id", [_folder.At("in")]);
        Assert.Equal((0, 2), (code, output.Count('\n')));
        Assert.Contains("Organization was left out", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name.", "name.\n       ^")]
    [InlineData("name.givn", "name.givn\n       ^")]
    [InlineData("name.\n nothing()", " nothing()\n   ^")]
    public void Points_at_what_is_wrong_with_the_expression(string expression, string shown)
    {
        var (code, output, errors) = Run(expression, [Patient]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(shown, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_unknown_elements_as_empty_when_lenient() => Assert.Equal((0, "", ""), Run("name.givn", [Patient], isLenient: true));

    [Fact]
    public void Goes_on_after_what_cannot_be_read_or_evaluated()
    {
        var broken = Given("broken.json", "{\n  \"resourceType\": }");
        var (code, output, errors) = Run("name.given.first() + (name.given.count() - 1).toString().substring(0, 1) & id.single()", [broken, Patient]);
        Assert.Equal(1, code);
        Assert.Contains($"{broken}:2:", errors, StringComparison.Ordinal);
        Assert.EndsWith("Ana1\n", output, StringComparison.Ordinal);
        Assert.Equal(1, Run("name.given.single()", [Patient]).Code);
    }

    [Fact]
    public void Steers_no_terminal_with_content() => Assert.Contains("\\u001b[31m", Run("name.text", ["-"], input: "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"\\u001b[31m\"}]}").Output, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_path_that_is_nowhere() => Assert.Equal(2, Run("id", [_folder.At("nowhere.json")]).Code);

    [Fact]
    public async Task Is_a_verb_of_the_program()
    {
        var (code, text) = await ProgramRun.ToEnd("fhirpath", "name.given.last()", Patient);
        Assert.True(code == 0, text);
        Assert.Contains("string Li", text, StringComparison.Ordinal);
    }
}
