namespace Personalize.Engine.Tests;

public sealed class The_shipped_content(ITestOutputHelper output)
{
    [Fact]
    public void Is_read_whole_and_is_as_much_as_promised()
    {
        var knowledge = ShippedContent.Knowledge;

        Assert.True(knowledge.Facts.Length >= 25, $"{knowledge.Facts.Length} facts");
        Assert.True(knowledge.Segments.Length >= 14, $"{knowledge.Segments.Length} segments");
        Assert.True(knowledge.Rules.Length >= 20, $"{knowledge.Rules.Length} rules");
        Assert.Equal(["channel", "contact-hours", "interpreter", "spoken-language", "visit-mode", "written-language"], knowledge.Preferences.Select(preference => preference.Kind));
        Assert.All(knowledge.Rules, rule => Assert.NotEmpty(rule.Citations));
    }

    [Theory]
    [InlineData("sample-bundles")]
    [InlineData("synthea/2019-massachusetts")]
    [InlineData("synthea/2024-single-child")]
    public void Tells_something_of_everybody_without_a_fault(string folder)
    {
        var path = folder == "sample-bundles" ? Path.Combine(ShippedContent.RepositoryRoot(), folder) : ShippedContent.Corpus(folder);
        Assert.SkipWhen(path is null, "PERSONALIZE_CORPORA is not set.");

        var decisions = Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\"Patient\"", StringComparison.Ordinal) && !file.EndsWith("index.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(file => ShippedContent.Records(file).Select(record => (File: Path.GetFileName(file), Decision: Decide.For(record, ShippedContent.Knowledge, TestRecord.Now, []))))
            .ToList();
        foreach (var (file, decision) in decisions)
            output.WriteLine($"{file}: {decision.Facts.All.Count(fact => fact.IsKnown)} facts; {string.Join(' ', decision.Segments.Where(segment => segment.Holds == true).Select(segment => segment.Definition.Code))}; "
                + string.Join(' ', decision.Suggestions.Where(suggestion => suggestion.IsOffered).Select(suggestion => suggestion.Rule.Code)));

        Assert.NotEmpty(decisions);
        Assert.Empty(decisions.SelectMany(item => item.Decision.Faults).Distinct());
        Assert.All(decisions, item => Assert.Contains(item.Decision.Segments, segment => segment.Holds == true));
        Assert.Contains(decisions, item => item.Decision.Suggestions.Any(suggestion => suggestion.IsOffered));
    }
}
