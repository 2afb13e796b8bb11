namespace Personalize.Fhir.Tests.Profiles;

public sealed class Examples_of_us_core
{
    [Theory]
    [InlineData("6.1.0")]
    [InlineData("7.0.0")]
    public void Keep_the_profiles_that_they_name(string version)
    {
        var files = Directory.GetFiles(Path.Combine(Corpora.Folder("us-core"), version, "examples"), "*.json").Where(f => Path.GetFileName(f) != "index.json").Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count > 100, $"{files.Count} files");
        Assert.Empty(files.SelectMany(f => Profiled.Errors(File.ReadAllBytes(f)).Select(i => $"{Path.GetFileName(f)}: {Profiled.Shown(i)}")));
    }
}
