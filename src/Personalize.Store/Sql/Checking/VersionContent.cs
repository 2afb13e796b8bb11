using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Validation;

namespace Personalize.Store.Sql.Checking;

/// <summary>Reads the bytes of versions: whether they parse, say who they are, and have R4's structure where they are current.</summary>
internal sealed class VersionContent(Findings findings)
{
    private readonly ResourceReader _reader = new();

    /// <summary>The content, which lasts until the next one; null when there is none or it cannot be read.</summary>
    public Resource? Read(StoredVersion row)
    {
        if (row.Json is null || row.Type is null || row.Id is null)
            return null;
        if (!_reader.Read(row.Json).TryGet(out var content, out var failure))
        {
            findings.Add(FindingKind.Content, row.Place, $"It cannot be parsed ({failure.Issues[0].Code}, line {failure.Issues[0].Line}, column {failure.Issues[0].Column}).");
            return null;
        }
        Identity(row, content);
        if (row.IsCurrent)
            Structure(row, content);
        return content;
    }

    private void Identity(StoredVersion row, Resource content)
    {
        var meta = content.Root.Child("meta");
        if (content.Type != row.Type || content.Id?.ToString() != row.Id)
            findings.Add(FindingKind.Content, row.Place, "Its content is that of another resource.");
        if (meta?.Child("versionId")?.Text != row.Version.ToString(CultureInfo.InvariantCulture))
            findings.Add(FindingKind.Content, row.Place, "meta.versionId is another version.");
        if (!DateTimeOffset.TryParse(meta?.Child("lastUpdated")?.Text, CultureInfo.InvariantCulture, out var updated) || updated.ToUnixTimeMilliseconds() != row.Updated)
            findings.Add(FindingKind.Content, row.Place, "meta.lastUpdated is another time.");
    }

    private void Structure(StoredVersion row, Resource content)
    {
        foreach (var issue in Validator.Validate(content))
            if (issue.IsError)
                findings.Add(FindingKind.Content, row.Place, $"{issue.Expression ?? row.Type}: it has not the structure that R4 gives it ({issue.Code}).");
    }
}
