namespace Personalize.Fhir.Validation;

/// <summary>What is refused although R4 allows it: for those who publish, or who take data into production.</summary>
/// <param name="KnownExtensionsOnly">An extension without a known definition is an error, not a warning.</param>
/// <param name="NoExampleAddresses">Addresses that are reserved for examples (example.org and the like) are errors where a document or an endpoint is named.</param>
/// <param name="NoHtmlInMarkdown">Markdown that holds a tag of HTML is an error.</param>
public sealed record Strictness(bool KnownExtensionsOnly = false, bool NoExampleAddresses = false, bool NoHtmlInMarkdown = false)
{
    /// <summary>Nothing beyond R4.</summary>
    public static Strictness None { get; } = new();
}
