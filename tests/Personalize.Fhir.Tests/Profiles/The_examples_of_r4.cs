namespace Personalize.Fhir.Tests.Profiles;

public sealed class The_examples_of_r4
{
    // Faults of the examples themselves; the list may only shrink.
    private static readonly Dictionary<string, string> _faults = new()
    {
        ["Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json"] = "Bundle.entry[2].fullUrl", // another id than the resource's
        ["Questionnaire-zika-virus-exposure-assessment.json"] = "Questionnaire.text.div", // its narrative holds nothing but space
        ["TerminologyCapabilities-example.json"] = "TerminologyCapabilities.url", // a UUID in capitals
    };

    [Fact]
    public void Are_without_error_but_for_their_own_faults()
    {
        var files = Directory.GetFiles(Path.Combine(Corpora.Folder("examples"), "resources"), "*.json").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(432, files.Count);
        var found = files.SelectMany(f => Profiled.Errors(File.ReadAllBytes(f)).Where(i => _faults.GetValueOrDefault(Path.GetFileName(f)) != i.Expression).Select(i => $"{Path.GetFileName(f)}: {Profiled.Shown(i)}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Have_those_faults_still()
    {
        var folder = Path.Combine(Corpora.Folder("examples"), "resources");
        Assert.All(_faults, f => Assert.Contains(Profiled.Errors(File.ReadAllBytes(Path.Combine(folder, f.Key))), i => i.Expression == f.Value));
    }
}
