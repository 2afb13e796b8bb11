using Hl7.Fhir.Model;

namespace Personalize.App.Clinician;

/// <summary>Why a segment, a preference or a suggestion holds, as <c>$why</c> tells it.</summary>
public sealed record Explanation
{
    /// <summary><c>segment</c>, <c>preference</c> or <c>suggestion</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its code; a preference's is KIND or KIND.TOPIC.</summary>
    public required string Code { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary><c>true</c>, <c>false</c> or <c>unknown</c>.</summary>
    public required string Holds { get; init; }

    /// <summary>Why, in plain words; may be empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>A preference's values, the first choice first.</summary>
    public IReadOnlyList<Coding> Values { get; init; } = [];

    /// <summary>A preference's source: <c>stated</c>, <c>observed</c> or <c>default</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The date of the preference's source, or the day that the segment began.</summary>
    public string? Date { get; init; }

    /// <summary>The Task of a suggestion, as <c>Task/id</c>.</summary>
    public string? Task { get; init; }

    /// <summary>Where the rule comes from.</summary>
    public string? Citation { get; init; }

    /// <summary>Its address; only shown as a link when it is http or https.</summary>
    public string? CitationUrl { get; init; }

    /// <summary>The grade of the recommendation.</summary>
    public string? Grade { get; init; }

    /// <summary>The facts it rests on.</summary>
    public IReadOnlyList<Ground> Grounds { get; init; } = [];

    /// <summary>Short texts of the resources used, each with its date.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What is not on file and would decide it.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The text without what it says of the conditions: those stand among the grounds.</summary>
    public string Purpose
    {
        get
        {
            var conditions = string.Join("; ", Grounds.Where(g => g.IsCondition).Select(g => g.Title));
            return conditions.Length > 0 && Text.StartsWith(conditions, StringComparison.Ordinal) ? Text[conditions.Length..].TrimStart('.', ';', ' ') : Text;
        }
    }

    /// <summary>Reads what <c>$why</c> answers; parts without a code are left out.</summary>
    public static IReadOnlyList<Explanation> Read(Parameters why) =>
        [.. why.Parameter.Where(p => p.Name is "segment" or "preference" or "suggestion").Select(One).Where(e => e.Code.Length > 0)];

    private static Explanation One(Parameters.ParameterComponent part) => new()
    {
        Kind = part.Name!,
        Code = First(part, "code") ?? "",
        Title = First(part, "title") ?? First(part, "code") ?? "",
        Holds = First(part, "holds") ?? "unknown",
        Text = First(part, "text") ?? "",
        Values = [.. Parts(part, "value").Select(p => p.Value).OfType<Coding>()],
        Source = First(part, "source"),
        Date = First(part, "date") ?? First(part, "since"),
        Task = References(part, "task").FirstOrDefault()?.Reference,
        Citation = First(part, "citation"),
        CitationUrl = First(part, "citation-url"),
        Grade = First(part, "grade"),
        Grounds = [.. Parts(part, "reason").Select(Ground)],
        // That the Patient itself was looked at goes without saying: age and sex stand in the banner.
        Evidence = [.. References(part, "used").Where(r => r.Reference?.StartsWith("Patient/", StringComparison.Ordinal) != true).Select(r => r.Display ?? r.Reference).OfType<string>().Distinct(StringComparer.Ordinal)],
        Missing = [.. Texts(part, "missing").Distinct(StringComparer.Ordinal)],
    };

    private static Ground Ground(Parameters.ParameterComponent reason) => new(
        First(reason, "title") ?? First(reason, "fact") ?? "",
        First(reason, "value"),
        First(reason, "date"),
        First(reason, "holds") ?? "unknown");

    private static IEnumerable<Parameters.ParameterComponent> Parts(Parameters.ParameterComponent part, string name) => part.Part.Where(p => p.Name == name);

    private static IEnumerable<string> Texts(Parameters.ParameterComponent part, string name) =>
        Parts(part, name).Select(p => p.Value?.ToString()).Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => t!);

    private static string? First(Parameters.ParameterComponent part, string name) => Texts(part, name).FirstOrDefault();

    private static IEnumerable<ResourceReference> References(Parameters.ParameterComponent part, string name) =>
        Parts(part, name).Select(p => p.Value).OfType<ResourceReference>();
}

/// <summary>A fact that a result rests on.</summary>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">Its value with its unit; null when it is not on file.</param>
/// <param name="Date">When that was, as FHIR writes it.</param>
/// <param name="Holds">Whether it speaks for the result: <c>true</c>, <c>false</c> or <c>unknown</c>.</param>
public sealed record Ground(string Title, string? Value, string? Date, string Holds)
{
    /// <summary>True for a condition of the rule, which has no value but holds or not.</summary>
    public bool IsCondition => Value is null && Holds is "true" or "false";
}
