using System.Text;
using System.Text.RegularExpressions;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Patch;
using Personalize.Fhir.Search;
using Personalize.Fhir.Validation;

namespace Personalize.Fhir.Tests;

/// <summary>The samples of the package's README: each stands here as it stands there.</summary>
public sealed partial class The_readme(ITestOutputHelper output)
{
    private static readonly DateTimeOffset now = new(2026, 6, 15, 10, 30, 0, TimeSpan.FromHours(2));

    private static readonly byte[] json = """
        {"resourceType":"Patient","active":true,"identifier":[{"system":"urn:mrn","value":"7"}],"name":[{"family":"Chalmers","given":["Peter"]}],
        "gender":"male","birthDate":"1974-12-25"}
        """u8.ToArray();

    private static readonly Resource patient = Resource.Parse(json).Value;

    [Fact]
    public void Reads_a_resource()
    {
        var patient = Resource.Parse(json).Value;
        var family = patient.Root.Child("name")?.Child("family")?.Text;
        var birth = patient.Root.Child("birthDate")?.Position();

        Assert.Equal(("Chalmers", (2, 29)), (family, birth!.Value));
    }

    [Fact]
    public void Says_what_is_wrong_and_where()
    {
        if (!Resource.Parse("""{"resourceType":"Patient","resourceType":"Patient"}"""u8.ToArray()).TryGet(out var read, out var failure))
            foreach (var issue in failure.Issues)
                output.WriteLine($"{issue.Line}:{issue.Column} {issue.Text}");

        Assert.Null(read);
        Assert.Equal("1:27 The same property stands twice in one object.", output.Output.Trim());
    }

    [Fact]
    public void Evaluates_an_expression()
    {
        var context = new FhirPathContext(now);
        var adult = FhirPathExpression.Parse("Patient.birthDate <= today() - 18 years").Value;
        var answer = adult.Evaluate(PathValues.Of(patient.Root), context).Value.AsBoolean();

        Assert.True(answer);
    }

    [Fact]
    public void Validates_a_resource()
    {
        var context = new FhirPathContext(now);
        var issues = Validator.Validate(patient, new ValidationContext(context), "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient");
        foreach (var issue in issues.Where(i => i.IsError))
            output.WriteLine($"{issue.Line}:{issue.Column} {issue.Expression}: {issue.Text}");

        Assert.Equal("", output.Output);
        Assert.Empty(Validator.Validate(patient));
    }

    [Fact]
    public void Searches()
    {
        var query = SearchQuery.Parse("Patient", "name=chal&birthdate=ge1970", SearchCatalog.R4).Value;
        var matches = Matching.Matches(patient, query, SearchCatalog.R4);
        var values = new IndexEntries();
        values.Fill(patient, SearchCatalog.R4);
        var tokens = values.All.ToArray().Where(v => v.Kind == IndexKind.Token).Select(v => $"{values.Parameter(v).Code}={values.Text(v.Main)}");

        Assert.True(matches);
        Assert.Equal(["active=true", "deceased=false", "gender=male", "identifier=7"], tokens.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Patches()
    {
        var patched = JsonPatch.Apply(patient, """[{"op":"replace","path":"/active","value":false}]"""u8.ToArray()).Value;

        Assert.Equal(Encoding.UTF8.GetString(json).Replace("true", "false", StringComparison.Ordinal), Encoding.UTF8.GetString(patched.Bytes.Span));
    }

    [Fact]
    public void Reads_many_at_once()
    {
        List<byte[]> lines = [json, """{"resourceType":"Group","type":"person","actual":true}"""u8.ToArray()];
        var codes = new List<string>();

        var reader = new ResourceReader();
        var entries = new IndexEntries();
        foreach (var line in lines)
        {
            var resource = reader.Read(line).Value;
            if (!Validator.Validate(resource).IsEmpty)
                continue;
            entries.Fill(resource, SearchCatalog.R4);
            foreach (ref readonly var entry in entries.All)
                codes.Add($"{entries.Parameter(entry).Code}={entries.Text(entry.Main)}");
        }

        Assert.Contains("gender=male", codes);
        Assert.Contains("actual=true", codes);
    }

    [Fact]
    public void Holds_no_sample_that_does_not_stand_here()
    {
        var readme = File.ReadAllText(Repository.At("src/Personalize.Fhir/README.md"));
        var here = Bare(File.ReadAllText(Repository.At("tests/Personalize.Fhir.Tests/The_readme.cs")));
        var samples = Sample().Matches(readme).Select(m => Bare(m.Groups[1].Value)).ToList();

        Assert.Equal(7, samples.Count);
        Assert.All(samples, sample => Assert.Contains(sample, here, StringComparison.Ordinal));
    }

    // Without the indentation.
    private static string Bare(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
