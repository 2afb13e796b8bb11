using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Tests;

public sealed class Content_fits_synthetic_records
{
    [Fact]
    public void Everything_can_be_worked_out_and_explained_for_each_of_them()
    {
        var offered = 0;
        foreach (var (name, record) in Records())
        {
            var watch = Stopwatch.StartNew();
            var decision = Decide.For(record, ContentFolder.Knowledge, ContentFolder.Now, []);
            TestContext.Current.SendDiagnosticMessage($"{name}: {watch.ElapsedMilliseconds} ms; segments {string.Join(' ', decision.Segments.Where(s => s.Holds == true).Select(s => s.Definition.Code))}; offers {string.Join(' ', decision.Suggestions.Where(s => s.IsOffered).Select(s => s.Rule.Code))}");
            Assert.Empty(decision.Faults);
            Assert.Equal(record.IsActive, decision.Segments.Any(segment => segment.Holds == true));
            Assert.All(decision.Facts.All, fact => Assert.True(fact.Values.Items.Count <= 1, fact.Definition.Name));
            Assert.All(decision.Segments.Where(segment => segment.Holds == true), segment => Assert.NotEmpty(segment.Reasons));
            offered += decision.Suggestions.Count(suggestion => suggestion.IsOffered);
        }
        Assert.True(offered > 0);
    }

    [Fact]
    public void Older_and_newer_codes_are_understood()
    {
        var facts = Records().Select(item => Decide.For(item.Record, ContentFolder.Knowledge, ContentFolder.Now, []).Facts).ToList();

        foreach (var name in new[] { "last-systolic", "last-bmi", "last-a1c", "last-ldl", "last-influenza-vaccine-date", "last-checkup-date", "last-colonoscopy-date", "last-tetanus-vaccine-date", "last-egfr-date", "last-urine-albumin-date" })
            Assert.Contains(facts, sheet => sheet.Fact(name)!.IsKnown);
        foreach (var name in new[] { "has-diabetes", "has-prediabetes", "has-hypertension", "has-asthma", "has-cvd", "has-hyperlipidemia", "on-statin" })
            Assert.Contains(facts, sheet => sheet.Fact(name)!.Truth == true);
    }

    private static IEnumerable<(string Name, PatientRecord Record)> Records()
    {
        foreach (var file in Corpora.Synthea("2019-massachusetts").Concat(Corpora.Synthea("2024-single-child")))
        {
            var resources = ResourcesIn(file);
            if (resources.FirstOrDefault(resource => resource.Type == "Patient") is { } patient)
                yield return (Path.GetFileName(file), new PatientRecord(patient, resources.Where(resource => resource != patient)));
        }
    }

    private static ImmutableArray<Resource> ResourcesIn(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("entry", out var entries))
            return [];
        return [.. entries.EnumerateArray().Select(entry => ContentFolder.Parse(JsonSerializer.SerializeToUtf8Bytes(entry.GetProperty("resource")), file))];
    }
}
