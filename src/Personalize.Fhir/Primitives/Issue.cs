namespace Personalize.Fhir.Primitives;

/// <summary>How bad an issue is. Source: FHIR R4, value set <c>issue-severity</c>.</summary>
public enum IssueSeverity
{
    /// <summary>Good to know.</summary>
    Information,
    /// <summary>The content is accepted; a person should look.</summary>
    Warning,
    /// <summary>The content is refused.</summary>
    Error,
    /// <summary>Nothing could be read.</summary>
    Fatal,
}

/// <summary>One finding about content. Its text never bears values from the content, only names of places and of what was expected.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">A code of the R4 value set <c>issue-type</c>, such as <c>structure</c>, <c>required</c>, <c>value</c>, <c>code-invalid</c>.</param>
/// <param name="Text">One plain sentence.</param>
/// <param name="Expression">The FHIRPath location, such as <c>Patient.name[0].given[1]</c>; null when there is none.</param>
/// <param name="Line">Line in the input, from 1; 0 when unknown.</param>
/// <param name="Column">Column in the input in UTF-8 bytes, from 1; 0 when unknown.</param>
public sealed record Issue(IssueSeverity Severity, string Code, string Text, string? Expression = null, int Line = 0, int Column = 0)
{
    /// <summary>True for <see cref="IssueSeverity.Error"/> and <see cref="IssueSeverity.Fatal"/>.</summary>
    public bool IsError => Severity >= IssueSeverity.Error;

    /// <summary>An issue of severity error.</summary>
    public static Issue Error(string code, string text, string? expression = null) => new(IssueSeverity.Error, code, text, expression);
}
