using Personalize.Fhir.Elements;

namespace Personalize.Server.Verbs;

/// <summary>Reads what came back.</summary>
internal static class Responses
{
    /// <summary>What was refused: in an OperationOutcome the issues, in a Bundle of responses the entries.</summary>
    /// <param name="sent">What came back.</param>
    /// <param name="entry">Where in the file the request stood; empty for the whole: then each issue says where it is.</param>
    public static IEnumerable<(string Entry, string Text)> Troubles(Sent sent, string entry)
    {
        if (!Resource.Parse(sent.Body).TryGet(out var resource, out _))
            return sent.Status < StatusCodes.Status400BadRequest ? [] : [(entry, $"The server answered {sent.Status}.")];
        if (resource.Type == "OperationOutcome")
            return sent.Status < StatusCodes.Status400BadRequest ? [] : Issues(resource.Root, entry);
        return resource.Root.Children("entry").SelectMany((response, at) => Refused(response, $"Bundle.entry[{at}]"));
    }

    private static IEnumerable<(string, string)> Refused(Element entry, string name)
    {
        var response = entry.Child("response");
        var status = response?.Child("status")?.Text ?? "";
        if (!status.StartsWith('4') && !status.StartsWith('5'))
            return [];
        return response?.Child("outcome") is { } outcome ? [(name, string.Join(" ", Issues(outcome, name).Select(i => i.Text)))] : [(name, status)];
    }

    private static IEnumerable<(string Entry, string Text)> Issues(Element outcome, string entry)
    {
        foreach (var issue in outcome.Children("issue"))
        {
            var place = issue.Child("expression")?.Text ?? "";
            var text = WithoutEntry(issue.Child("details")?.Child("text")?.Text ?? issue.Child("diagnostics")?.Text ?? issue.Child("code")?.Text ?? "");
            if (entry.Length == 0)
                yield return (place, text);
            else
                yield return (entry, place.Length == 0 ? text : $"{place}: {text}");
        }
    }

    // This server begins the text with the entry's name, which stands before it here anyhow.
    private static string WithoutEntry(string text) =>
        text.StartsWith("Bundle.entry[", StringComparison.Ordinal) && text.IndexOf("]: ", StringComparison.Ordinal) is > 0 and var end ? text[(end + 3)..] : text;
}
