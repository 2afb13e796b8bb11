namespace Personalize.Server.Tests.Verbs;

public sealed class A_file_that_is_validated : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("validate").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    [Fact]
    public async Task Is_told_line_by_line_with_its_places()
    {
        var file = Write("patient.json", "{\"resourceType\":\"Patient\",\n \"gender\":\"f\"}");
        var (code, text) = await ProgramRun.ToEnd("validate", file);
        Assert.Equal(1, code);
        Assert.Contains($"{file}:2:11 error code-invalid Patient.gender ", text, StringComparison.Ordinal);
        Assert.Contains("1 resource, 1 error, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_told_by_the_line_of_its_file_when_there_are_many()
    {
        var file = Write("many.ndjson", "{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\",\"active\":1}\n");
        var (code, text) = await VerbRun.ToEnd("validate", file);
        Assert.Equal(1, code);
        Assert.Contains($"{file}:2:36 error structure Patient.active ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_sound_with_exit_code_0_until_a_profile_asks_for_more()
    {
        var file = Write("patient.json", "{\"resourceType\":\"Patient\",\"gender\":\"female\"}");
        Assert.Equal(0, (await VerbRun.ToEnd("validate", file)).Code);
        var (code, text) = await VerbRun.ToEnd("validate", file, "--profile", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient");
        Assert.Equal(1, code);
        Assert.Contains("Patient.name", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_read_as_XML_too()
    {
        var file = Write("patient.xml", "<Patient xmlns=\"http://hl7.org/fhir\">\n<gender value=\"f\"/></Patient>");
        var (code, text) = await VerbRun.ToEnd("validate", file);
        Assert.Equal(1, code);
        Assert.Contains($"{file}:2:2 error code-invalid Patient.gender ", text, StringComparison.Ordinal);
        File.WriteAllText(file, "<Patient xmlns=\"http://hl7.org/fhir\">\n<nonsense/></Patient>");
        Assert.Contains($"{file}:2:2 error structure There is", (await VerbRun.ToEnd("validate", _folder)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_sought_in_vain_in_an_empty_folder() => Assert.Equal(2, (await VerbRun.ToEnd("validate", _folder)).Code);

    [Fact]
    public async Task Is_not_named_at_all_with_exit_code_2() => Assert.Equal(2, (await ProgramRun.ToEnd("validate")).Code);

    [Fact]
    public async Task Is_missed_with_exit_code_2() => Assert.Equal(2, (await VerbRun.ToEnd("validate", Path.Combine(_folder, "none.json"))).Code);
}
